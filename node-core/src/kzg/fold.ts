/** Folds the blobs of a challenge into one, so that one opening answers for all; see the protocol, section 5. */

import { AppError } from '../base/app-error.ts'
import { isCanonicalScalar, powersOf, requireScalar, SCALAR_MODULUS } from '../domain/scalar-field.ts'
import { BLOB_BYTES } from './blob-encoding.ts'

const ELEMENT_BYTES = 32

/**
 * f = Σ γ^j · p_j, on the evaluations, modulo r. The result is an ordinary blob, but no EMR1 encoding. One blob is itself.
 * @param blobs at least one, each 131,072 bytes, in the order of the challenge.
 * @throws AppError BLOB_NOT_CANONICAL {reason, blob} · SCALAR_NOT_CANONICAL
 */
export function foldBlobs(blobs: readonly Uint8Array[], gamma: bigint): Uint8Array {
  requireScalar('gamma', gamma)
  const [first] = blobs
  if (first === undefined) throw new RangeError('there is nothing to fold')
  blobs.forEach((blob, at) => {
    if (blob.length !== BLOB_BYTES) throw new AppError('BLOB_NOT_CANONICAL', { reason: 'length', blob: at })
  })
  if (blobs.length === 1) return first
  const weights = powersOf(gamma, blobs.length)
  const views = blobs.map(blob => new DataView(blob.buffer, blob.byteOffset, blob.byteLength))
  const folded = new Uint8Array(BLOB_BYTES)
  const target = new DataView(folded.buffer)
  for (let offset = 0; offset < BLOB_BYTES; offset += ELEMENT_BYTES) {
    // Reduced once an element: the sum of 64 products of 510 bits is cheaper to carry than 64 divisions.
    let sum = 0n
    for (const [at, view] of views.entries()) sum += (weights[at] ?? 0n) * readScalar(view, offset, at)
    writeScalar(target, offset, sum % SCALAR_MODULUS)
  }
  return folded
}

function readScalar(view: DataView, offset: number, blob: number): bigint {
  const value =
    (view.getBigUint64(offset) << 192n) |
    (view.getBigUint64(offset + 8) << 128n) |
    (view.getBigUint64(offset + 16) << 64n) |
    view.getBigUint64(offset + 24)
  if (!isCanonicalScalar(value)) throw new AppError('BLOB_NOT_CANONICAL', { reason: 'field element', blob })
  return value
}

function writeScalar(view: DataView, offset: number, value: bigint): void {
  // setBigUint64 takes the lowest 64 bits.
  for (let limb = 0; limb < 4; limb += 1) view.setBigUint64(offset + 24 - 8 * limb, value >> BigInt(64 * limb))
}
