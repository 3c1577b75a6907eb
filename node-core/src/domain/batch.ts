/** How several challenges of one operator share one opening: the random factors and the point of a batch; see the protocol, section 5. */

import { invert } from '@noble/curves/abstract/modular.js'
import { concatBytes } from '@noble/hashes/utils.js'
import type { Hex } from '../base/hex.ts'
import { hashToField } from './hash-to-field.ts'
import { powersOf, SCALAR_MODULUS } from './scalar-field.ts'
import { keccakOfWords, toHex } from './words.ts'

const RHO_TAG = 'EMERALD-CUSTODY-V1-BATCH-RHO'
const ZETA_TAG = 'EMERALD-CUSTODY-V1-BATCH-ZETA'

/** The contract takes no more items in a call, and no more commitments of all of them together. */
export const MAX_BATCH_ITEMS = 32
export const MAX_BATCH_POINTS = 256

/** One challenge: its (folded) polynomial takes the value `y` at `z`. */
export type BatchClaim = { readonly postId: Hex; readonly z: bigint; readonly y: bigint }

/**
 * t: keccak256(abi.encode(epoch, operator, M)), then for each item keccak256(abi.encode(t, postId, z, y)).
 * @returns 32 bytes that bind everything but the quotient.
 */
export function batchTranscript(epoch: number, operator: number, claims: readonly BatchClaim[]): Uint8Array {
  return claims.reduce(
    (transcript, { postId, z, y }) => keccakOfWords(toHex(transcript), postId, z, y),
    keccakOfWords(epoch, operator, claims.length),
  )
}

/** ρ, whose powers weigh the quotients. */
export const batchFactor = (transcript: Uint8Array): bigint => hashToField(RHO_TAG, transcript)

/** ζ, where the batch is opened. @param quotient the commitment W, uncompressed, 128 bytes. */
export const batchPoint = (transcript: Uint8Array, quotient: Uint8Array): bigint =>
  hashToField(ZETA_TAG, concatBytes(transcript, quotient))

/** 1 / (ζ − z). @throws when ζ = z, which no hash will ever give. */
export const batchInverse = (zeta: bigint, z: bigint): bigint =>
  invert((zeta - z + SCALAR_MODULUS) % SCALAR_MODULUS, SCALAR_MODULUS)

/** a_i = ρ^i / (ζ − z_i): the weight of each polynomial in the one that is opened at ζ, Σ a_i f_i − q. */
export function batchWeights(rho: bigint, zeta: bigint, points: readonly bigint[]): bigint[] {
  const powers = powersOf(rho, points.length)
  return points.map((z, at) => ((powers[at] ?? 0n) * batchInverse(zeta, z)) % SCALAR_MODULUS)
}
