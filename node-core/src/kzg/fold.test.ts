import kzg from 'c-kzg'
import { beforeAll, expect, test } from 'vitest'
import { SCALAR_MODULUS } from '../domain/scalar-field.ts'
import { toHex, word } from '../domain/words.ts'
import { encodeBlob } from './blob-encoding.ts'
import { foldBlobs } from './fold.ts'
import { blobOf, pseudoRandomBytes } from './test-data.ts'
import { foldCommitments } from './verify-opening.ts'

const GAMMA = 0x1234_5678_9abc_def0_1234_5678_9abc_def0_1234_5678_9abc_def0_1234_5678_9abc_def0n % SCALAR_MODULUS
const blobs = [0, 1, 2, 3].map(index => encodeBlob(pseudoRandomBytes(126_945, index + 1), index))

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
