/** Folds the blobs of a challenge into one, so that one opening answers for all; see the protocol, section 5. */

import { AppError } from '../base/app-error.ts'
import { isCanonicalScalar, powersOf, requireScalar, SCALAR_MODULUS } from '../domain/scalar-field.ts'
import { BLOB_BYTES, blobHeader, PAYLOAD_BYTES_PER_BLOB } from './blob-encoding.ts'
import { addProducts, COLUMNS, createColumnReader, limbsOf } from './fold-columns.ts'

const ELEMENT_BYTES = 32

/**
 * Σ weight_j · p_j, on the evaluations, modulo r: an ordinary blob, but no EMR1 encoding.
 * @param blobs at least one, each 131,072 bytes; any scalars below r. @param weights one for each, below r.
 * @throws AppError BLOB_NOT_CANONICAL {reason, blob} · SCALAR_NOT_CANONICAL
 */
export function weightedSum(blobs: readonly Uint8Array[], weights: readonly bigint[]): Uint8Array {
  for (const weight of weights) requireScalar('weight', weight)
  if (blobs.length === 0 || blobs.length !== weights.length)
    throw new RangeError('a sum needs one weight for each blob')
  const views = blobs.map((blob, at) => {
    if (blob.length !== BLOB_BYTES) throw new AppError('BLOB_NOT_CANONICAL', { reason: 'length', blob: at })
    return viewOf(blob)
  })
  const sum = new Uint8Array(BLOB_BYTES)
  const target = viewOf(sum)
  for (let offset = 0; offset < BLOB_BYTES; offset += ELEMENT_BYTES) {
    // Reduced once an element: the sum of 64 products of 510 bits is cheaper to carry than 64 divisions.
    let element = 0n
    for (const [at, view] of views.entries()) element += (weights[at] ?? 0n) * readScalar(view, offset, at)
    writeScalar(target, offset, element % SCALAR_MODULUS)
  }
  return sum
}

/** f = Σ γ^j · p_j. One blob is itself. @throws as `weightedSum` */
export function foldBlobs(blobs: readonly Uint8Array[], gamma: bigint): Uint8Array {
  requireScalar('gamma', gamma)
  const [first] = blobs
  if (first === undefined) throw new RangeError('there is nothing to fold')
  return blobs.length === 1 && first.length === BLOB_BYTES ? first : weightedSum(blobs, powersOf(gamma, blobs.length))
}

/**
 * As `foldBlobs` of the EMR1 blobs with these payloads, read where they stand: no blob but the result is ever made, and no
 * element has to be compared with r. This halves the time of a fold.
 * @param payloads 1 to 126,945 bytes each, in the order of the challenge. @param indexes of the blobs, in the same order.
 */
export function foldPayloads(payloads: readonly Uint8Array[], indexes: readonly number[], gamma: bigint): Uint8Array {
  requireScalar('gamma', gamma)
  if (payloads.length === 0 || payloads.length !== indexes.length)
    throw new RangeError('a fold needs one index for each payload')
  const weights = powersOf(gamma, payloads.length)
  const folded = new Uint8Array(BLOB_BYTES)
  const target = viewOf(folded)
  const headers = payloads.map((payload, at) => viewOf(blobHeader(payload.length, indexes[at] ?? -1)))
  writeScalar(
    target,
    0,
    headers.reduce((sum, header, at) => sum + (weights[at] ?? 0n) * read256(header, 0), 0n),
  )
  const columns = new Float64Array(COLUMNS * (BLOB_BYTES / ELEMENT_BYTES - 1))
  for (const [at, payload] of payloads.entries()) addProducts(padded(payload), limbsOf(weights[at] ?? 0n), columns)
  const sumAt = createColumnReader(columns)
  for (let from = 0, to = ELEMENT_BYTES; to < BLOB_BYTES; from += COLUMNS, to += ELEMENT_BYTES)
    writeScalar(target, to, sumAt(from))
  return folded
}

/** The elements of a blob, in its order. @throws AppError BLOB_NOT_CANONICAL */
export function scalarsOf(blob: Uint8Array): bigint[] {
  const view = viewOf(blob)
  return Array.from({ length: BLOB_BYTES / ELEMENT_BYTES }, (_, at) => readScalar(view, at * ELEMENT_BYTES, 0))
}

/** The inverse of `scalarsOf`; reduces modulo r. */
export function blobOfScalars(scalars: readonly bigint[]): Uint8Array {
  const blob = new Uint8Array(BLOB_BYTES)
  const view = viewOf(blob)
  for (const [at, scalar] of scalars.entries()) writeScalar(view, at * ELEMENT_BYTES, scalar)
  return blob
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function padded(payload: Uint8Array): Uint8Array {
  if (payload.length === PAYLOAD_BYTES_PER_BLOB) return payload
  const full = new Uint8Array(PAYLOAD_BYTES_PER_BLOB)
  full.set(payload)
  return full
}

function readScalar(view: DataView, offset: number, blob: number): bigint {
  const value = read256(view, offset)
  if (!isCanonicalScalar(value)) throw new AppError('BLOB_NOT_CANONICAL', { reason: 'field element', blob })
  return value
}

const read256 = (view: DataView, offset: number): bigint =>
  (view.getBigUint64(offset) << 192n) |
  (view.getBigUint64(offset + 8) << 128n) |
  (view.getBigUint64(offset + 16) << 64n) |
  view.getBigUint64(offset + 24)

/** Reduces modulo r first. setBigUint64 takes the lowest 64 bits. */
function writeScalar(view: DataView, offset: number, value: bigint): void {
  const reduced = value % SCALAR_MODULUS
  view.setBigUint64(offset, reduced >> 192n)
  view.setBigUint64(offset + 8, reduced >> 128n)
  view.setBigUint64(offset + 16, reduced >> 64n)
  view.setBigUint64(offset + 24, reduced)
}
