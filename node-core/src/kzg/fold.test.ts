import kzg from 'c-kzg'
import { beforeAll, expect, test } from 'vitest'
import { SCALAR_MODULUS } from '../domain/scalar-field.ts'
import { toHex, word } from '../domain/words.ts'
import { encodeBlob, PAYLOAD_BYTES_PER_BLOB } from './blob-encoding.ts'
import { blobOfScalars, foldBlobs, foldPayloads, scalarsOf, weightedSum } from './fold.ts'
import { blobOf, pseudoRandomBytes } from './test-data.ts'
import { foldCommitments } from './verify-opening.ts'

const GAMMA = 0x1234_5678_9abc_def0_1234_5678_9abc_def0_1234_5678_9abc_def0_1234_5678_9abc_def0n % SCALAR_MODULUS
const payloads = [0, 1, 2, 3].map(index => pseudoRandomBytes(126_945, index + 1))
const blobs = payloads.map((payload, index) => encodeBlob(payload, index))

beforeAll(() => kzg.loadTrustedSetup(0))

test('the commitment of the folded blobs is the fold of their commitments', () => {
  const commitments = blobs.map(blob => toHex(kzg.blobToKzgCommitment(blob)))
  expect(toHex(kzg.blobToKzgCommitment(foldBlobs(blobs, GAMMA)))).toBe(foldCommitments(commitments, GAMMA))
})

test('the value of the folded blobs is the fold of their values', () => {
  const point = word(77n)
  const valueAt = (blob: Uint8Array): bigint => BigInt(toHex(kzg.computeKzgProof(blob, point)[1]))
  const folded = blobs.map(valueAt).reduceRight((sum, value) => (sum * GAMMA + value) % SCALAR_MODULUS, 0n)
  expect(valueAt(foldBlobs(blobs, GAMMA))).toBe(folded)
})

test('commitments that cancel out fold to infinity', () => {
  const commitment = toHex(kzg.blobToKzgCommitment(blobOf(5n)))
  expect(foldCommitments([commitment, commitment], SCALAR_MODULUS - 1n)).toBe(`0xc0${'00'.repeat(47)}`)
})

test('one blob is its own fold, whatever the factor', () => {
  const [blob] = blobs as [Uint8Array]
  expect(foldBlobs([blob], GAMMA)).toBe(blob)
})

test('elements wrap around at r', () => {
  const largest = blobOf(SCALAR_MODULUS - 1n)
  expect(Buffer.from(foldBlobs([largest, blobOf(2n)], 1n)).equals(blobOf(1n))).toBe(true)
  expect(Buffer.from(foldBlobs([largest, largest, largest], SCALAR_MODULUS - 1n)).equals(largest)).toBe(true)
})

test('a factor of zero leaves the first blob', () => {
  expect(Buffer.from(foldBlobs([blobOf(5n), blobOf(6n)], 0n)).equals(blobOf(5n))).toBe(true)
})

test('elements, lengths and factors out of range are refused', () => {
  expect(() => foldBlobs([blobOf(SCALAR_MODULUS), blobOf(1n)], 1n)).toThrow('BLOB_NOT_CANONICAL')
  expect(() => foldBlobs([new Uint8Array(32), blobOf(1n)], 1n)).toThrow('BLOB_NOT_CANONICAL')
  expect(() => foldBlobs([blobOf(1n)], SCALAR_MODULUS)).toThrow('SCALAR_NOT_CANONICAL')
  expect(() => foldBlobs([], 1n)).toThrow(RangeError)
})

test.each<[string, readonly Uint8Array[], readonly number[]]>([
  ['full blobs', payloads, [0, 1, 2, 3]],
  ['one blob', payloads.slice(0, 1), [7]],
  ['a short blob among full ones', [payloads[0] ?? new Uint8Array(), Uint8Array.of(1, 2, 3)], [4, 9]],
  [
    'the largest payloads',
    Array(64).fill(new Uint8Array(PAYLOAD_BYTES_PER_BLOB).fill(0xff)),
    Array(64).fill(2 ** 20 - 2),
  ],
])('folding the payloads of %s is folding their blobs', (_, some, indexes) => {
  const expected = foldBlobs(
    some.map((payload, at) => encodeBlob(payload, indexes[at] ?? 0)),
    GAMMA,
  )
  expect(Buffer.from(foldPayloads(some, indexes, GAMMA)).equals(expected)).toBe(true)
})

test('a payload may be a view that starts anywhere', () => {
  const larger = pseudoRandomBytes(3 * PAYLOAD_BYTES_PER_BLOB, 9)
  const view = larger.subarray(13, 13 + PAYLOAD_BYTES_PER_BLOB)
  expect(
    Buffer.from(foldPayloads([view, view], [1, 2], GAMMA)).equals(
      foldPayloads([view.slice(), view.slice()], [1, 2], GAMMA),
    ),
  ).toBe(true)
})

test('payloads need an index each, and a length that a blob has', () => {
  expect(() => foldPayloads([], [], 1n)).toThrow(RangeError)
  expect(() => foldPayloads(payloads, [1], 1n)).toThrow(RangeError)
  expect(() => foldPayloads([new Uint8Array(0)], [1], 1n)).toThrow(RangeError)
  expect(() => foldPayloads([new Uint8Array(PAYLOAD_BYTES_PER_BLOB + 1)], [1], 1n)).toThrow(RangeError)
  expect(() => foldPayloads(payloads, [0, 1, 2, 3], SCALAR_MODULUS)).toThrow('SCALAR_NOT_CANONICAL')
})

test('a sum takes any weights, and every blob needs one', () => {
  const three = weightedSum([blobOf(5n), blobOf(7n)], [SCALAR_MODULUS - 1n, 2n])
  expect(Buffer.from(three).equals(blobOf(9n))).toBe(true)
  expect(() => weightedSum([blobOf(5n)], [1n, 2n])).toThrow(RangeError)
  expect(() => weightedSum([blobOf(5n)], [SCALAR_MODULUS])).toThrow('SCALAR_NOT_CANONICAL')
})

test('scalars and blobs are each other’s inverse', () => {
  const [blob] = blobs as [Uint8Array]
  expect(Buffer.from(blobOfScalars(scalarsOf(blob))).equals(blob)).toBe(true)
})
