import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAppError } from '../base/app-error.ts'
import {
  BLOB_BYTES,
  blobCountOf,
  decodeBlob,
  decodeBlobs,
  encodeBlob,
  encodeBlobs,
  encodeFile,
  MAX_BLOBS,
  PAYLOAD_BYTES_PER_BLOB,
} from './blob-encoding.ts'
import { inParts, pseudoRandomBytes } from './test-data.ts'

const P = PAYLOAD_BYTES_PER_BLOB

const codeOf = (action: () => unknown): unknown => {
  try {
    return action()
  } catch (error) {
    return isAppError(error) ? [error.code, error.data.reason] : error
  }
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = []
  for await (const part of source) parts.push(part)
  return parts
}

test('the header says which blob it is and how much it carries', () => {
  const blob = encodeBlob(Uint8Array.of(1, 2, 3), 0x01_02_03)
  expect(Buffer.from(blob.subarray(0, 36)).toString('hex')).toBe(
    `00${'454d5231'}00010203${'00000003'}${'00'.repeat(19)}00010203`,
  )
})

test('each element but the first has a zero byte and 31 bytes of payload', () => {
  const payload = pseudoRandomBytes(P, 1)
  const blob = encodeBlob(payload, 0)
  expect(blob).toHaveLength(BLOB_BYTES)
  expect(blob.filter((_, at) => at % 32 === 0).every(byte => byte === 0)).toBe(true)
  expect(Buffer.from(blob.subarray(33, 64))).toEqual(Buffer.from(payload.subarray(0, 31)))
  expect(Buffer.from(blob.subarray(BLOB_BYTES - 31))).toEqual(Buffer.from(payload.subarray(P - 31)))
})

test.each([1, 30, 31, 32, 62, 63, P - 1, P, P + 1, 2 * P, 2 * P + 17])(
  'a file of %i bytes survives the way there and back',
  length => {
    const file = pseudoRandomBytes(length, length)
    const blobs = encodeFile(file)
    expect(blobs).toHaveLength(blobCountOf(length))
    expect(Buffer.from(decodeBlobs(blobs)).equals(file)).toBe(true)
  },
)

test('any payload at any index survives the way there and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(MAX_BLOBS - 1), (payload, index) => {
      const decoded = decodeBlob(encodeBlob(payload, index))
      expect(decoded.blobIndex).toBe(index)
      expect(Buffer.from(decoded.payload).equals(payload)).toBe(true)
    }),
    { numRuns: 30 },
  )
})

test('what decodes was made by the encoder: a changed byte is another payload or is refused', () => {
  const blob = encodeBlob(pseudoRandomBytes(100, 5), 9)
  fc.assert(
    fc.property(fc.oneof(fc.nat(200), fc.nat(BLOB_BYTES - 1)), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = new Uint8Array(blob)
      changed[at] = (changed[at] ?? 0) ^ change
      const decoded = codeOf(() => decodeBlob(changed))
      if (Array.isArray(decoded)) {
        expect(decoded[0]).toBe('BLOB_NOT_CANONICAL')
      } else {
        const { payload, blobIndex } = decodeBlob(changed)
        expect(Buffer.from(encodeBlob(payload, blobIndex)).equals(changed)).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})

const changedAt = (...changes: readonly (readonly [at: number, byte: number])[]): Uint8Array => {
  const blob = encodeBlob(pseudoRandomBytes(100, 5), 9)
  for (const [at, byte] of changes) blob[at] = byte
  return blob
}

test.each<[string, Uint8Array]>([
  ['length', new Uint8Array(BLOB_BYTES - 1)],
  ['length', new Uint8Array(BLOB_BYTES + 1)],
  ['magic', changedAt([4, 0x32])],
  ['top byte', changedAt([0, 1])],
  ['top byte', changedAt([32, 1])],
  ['top byte', changedAt([BLOB_BYTES - 32, 1])],
  ['header', changedAt([13, 1])],
  ['header', changedAt([31, 1])],
  ['padding', changedAt([BLOB_BYTES - 1, 1])],
  ['padding', changedAt([12, 90])],
  ['payload length', changedAt([12, 0])],
  ['payload length', changedAt([9, 1])],
  ['blob index', changedAt([5, 1])],
])('a blob is refused for its %s', (reason, blob) => {
  expect(codeOf(() => decodeBlob(blob))).toEqual(['BLOB_NOT_CANONICAL', reason])
})

test('blobs of a file must be in order, whole but for the last', () => {
  const [first, second, third] = encodeFile(pseudoRandomBytes(2 * P + 1, 1)) as [Uint8Array, Uint8Array, Uint8Array]
  expect(codeOf(() => decodeBlobs([first, third, second]))).toEqual(['BLOB_NOT_CANONICAL', 'order'])
  expect(codeOf(() => decodeBlobs([second, third]))).toEqual(['BLOB_NOT_CANONICAL', 'order'])
  expect(codeOf(() => decodeBlobs([encodeBlob(Uint8Array.of(1), 0), second]))).toEqual([
    'BLOB_NOT_CANONICAL',
    'short blob',
  ])
  expect(codeOf(() => decodeBlobs([]))).toEqual(['EMPTY_FILE', undefined])
})

test('an empty file is refused', async () => {
  expect(codeOf(() => encodeFile(new Uint8Array(0)))).toEqual(['EMPTY_FILE', undefined])
  await expect(collect(encodeBlobs(inParts(new Uint8Array(0), 1)))).rejects.toMatchObject({ code: 'EMPTY_FILE' })
})

test('a file with more blobs than a post can have is refused', () => {
  expect(blobCountOf(MAX_BLOBS * P)).toBe(MAX_BLOBS)
  expect(codeOf(() => blobCountOf(MAX_BLOBS * P + 1))).toEqual(['FILE_TOO_LARGE', undefined])
})

test('a payload that is empty or too long makes no blob', () => {
  expect(() => encodeBlob(new Uint8Array(0), 0)).toThrow(RangeError)
  expect(() => encodeBlob(new Uint8Array(P + 1), 0)).toThrow(RangeError)
  expect(() => encodeBlob(Uint8Array.of(1), MAX_BLOBS)).toThrow(RangeError)
})

test('a stream gives the same blobs, however its bytes are cut', async () => {
  const file = pseudoRandomBytes(2 * P + 1_000, 4)
  const expected = encodeFile(file)
  for (const partBytes of [1_000, P - 1, P, P + 1, 2 * P, file.length]) {
    const blobs = await collect(encodeBlobs(inParts(file, partBytes)))
    expect(blobs).toHaveLength(expected.length)
    blobs.forEach((blob, at) => {
      expect(Buffer.from(blob).equals(expected[at] ?? new Uint8Array(0)), `${partBytes}`).toBe(true)
    })
  }
})

test('a stream is read no further than the blob that is asked for', async () => {
  let given = 0
  async function* endless() {
    for (;;) {
      given += 1
      yield new Uint8Array(P)
    }
  }
  const blobs = encodeBlobs(endless())
  await blobs.next()
  await blobs.next()
  expect(given).toBe(2)
  await blobs.return(undefined)
})
