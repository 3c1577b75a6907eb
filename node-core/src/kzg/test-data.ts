/** Data that the tests of this folder share; nothing else imports it. */

import { word } from '../domain/words.ts'
import { BLOB_BYTES, PAYLOAD_BYTES_PER_BLOB } from './blob-encoding.ts'

/** Bytes that look random and are the same on each run (the generator xorshift32). */
export function pseudoRandomBytes(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = (seed * 2_654_435_761) >>> 0 || 1
  for (let at = 0; at < length; at += 1) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[at] = state & 0xff
  }
  return bytes
}

/** A file of one blob whose elements all equal its header, so that its polynomial is constant. */
export function constantPolynomialFile(): Uint8Array {
  const element = new Uint8Array(31)
  element.set([0x45, 0x4d, 0x52, 0x31])
  new DataView(element.buffer).setUint32(8, PAYLOAD_BYTES_PER_BLOB)
  const file = new Uint8Array(PAYLOAD_BYTES_PER_BLOB)
  for (let at = 0; at < file.length; at += element.length) file.set(element, at)
  return file
}

/** A blob with the same scalar in each of its elements; no EMR1 encoding. */
export function blobOf(scalar: bigint): Uint8Array {
  const blob = new Uint8Array(BLOB_BYTES)
  for (let at = 0; at < BLOB_BYTES; at += 32) blob.set(word(scalar), at)
  return blob
}

export async function* inParts(bytes: Uint8Array, partBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += partBytes) yield bytes.subarray(at, at + partBytes)
}
