/** One opening for several challenges: the quotient polynomial that ties them together, its commitment, and the proof. */

import { batchFactor, batchPoint, batchWeights } from '../domain/batch.ts'
import { SCALAR_MODULUS } from '../domain/scalar-field.ts'
import { foldBlobs, weightedSum } from './fold.ts'
import { uncompressPoint } from './point-form.ts'
import type { DividedFold } from './prover.ts'

/** `quotient` is W, the commitment of q = Σ ρ^i (f_i − y_i) / (X − z_i), uncompressed, 128 bytes; `proof` opens Σ a_i f_i − q at ζ. */
export type BatchOpening = { readonly quotient: Uint8Array; readonly proof: Uint8Array }
/** The two functions of a KZG library that this needs; `z` and `y` as numbers. */
export type Openings = {
  commit(blob: Uint8Array): Uint8Array
  open(blob: Uint8Array, z: bigint): { readonly y: bigint; readonly proof: Uint8Array }
}

/**
 * @param transcript see `batchTranscript`; made from the same items in the same order.
 * @throws Error when an item's quotient does not belong to its polynomial.
 */
export function openBatch(transcript: Uint8Array, items: readonly DividedFold[], kzg: Openings): BatchOpening {
  const rho = batchFactor(transcript)
  const q = foldBlobs(
    items.map(item => item.quotient),
    rho,
  )
  const quotient = uncompressPoint(kzg.commit(q))
  const zeta = batchPoint(transcript, quotient)
  const weights = batchWeights(
    rho,
    zeta,
    items.map(item => item.z),
  )
  const opened = weightedSum([...items.map(item => item.folded), q], [...weights, SCALAR_MODULUS - 1n])
  const { y, proof } = kzg.open(opened, zeta)
  const expected = items.reduce((sum, item, at) => (sum + (weights[at] ?? 0n) * item.y) % SCALAR_MODULUS, 0n)
  if (y !== expected) throw new Error('the batch does not add up')
  return { quotient, proof }
}
