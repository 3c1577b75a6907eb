/** Who has to prove what: every choice that follows from the seed of an epoch; see the protocol, section 4. */

import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import type { Hex } from '../base/hex.ts'
import { bitsOf } from './post.ts'

/** Most operators, and most blobs of one operator, in a challenge: `proven` and `missed` have 64 bits on chain. */
export const MAX_STRATA = 64

/** `stratum` is the operator's bit in `proven` and `missed`; `position` its place among the attesters, ascending. */
export type ChallengedOperator = { readonly operator: number; readonly stratum: number; readonly position: number }

/** keccak256(seed ‖ postId ‖ uint8 level): 65 bytes. */
export function saltOf(seed: Hex, postId: Hex, level: number): Hex {
  return `0x${bytesToHex(keccak_256(concatBytes(bytesOf(seed), bytesOf(postId), numberToBytesBE(level, 1))))}`
}

/** Whether a post is challenged: always above level 0, else in one of `period` epochs on average. */
export function isPicked(salt: Hex, level: number, period: number): boolean {
  return level > 0 || draw(salt, 'PICK', [], period) === 0
}

/**
 * One attester of each stratum: the attesters are rotated by a random offset and cut into c runs of nearly equal length, so
 * each is equally likely and none is drawn twice.
 * @param of.attesters bit = operator index.
 * @returns in the order of strata; empty without attesters.
 */
export function challengedOperators(of: {
  readonly salt: Hex
  readonly attesters: bigint
  readonly operatorsAtLevel: number
}): ChallengedOperator[] {
  const attesters = bitsOf(of.attesters)
  const total = attesters.length
  const drawn = Math.min(total, checkedStrata(of.operatorsAtLevel))
  if (drawn === 0) return []
  const offset = draw(of.salt, 'OPR1', [], total)
  return Array.from({ length: drawn }, (_, stratum) => {
    const position = (offset + placeInStratum(of.salt, 'OPJ1', [], { total, drawn, stratum })) % total
    return { operator: at(attesters, position), stratum, position }
  })
}

/** Blobs that an operator must open, in the order of the folding; no blob twice. */
export function blobIndexes(of: {
  readonly salt: Hex
  readonly operator: number
  readonly blobCount: number
  readonly blobsAtLevel: number
}): number[] {
  const total = of.blobCount
  const drawn = Math.min(total, checkedStrata(of.blobsAtLevel))
  const offset = draw(of.salt, 'IDR1', [of.operator], total)
  return Array.from(
    { length: drawn },
    (_, stratum) => (offset + placeInStratum(of.salt, 'IDX1', [of.operator], { total, drawn, stratum })) % total,
  )
}

/** Stratum j of n places cut into c runs is [⌊jn/c⌋, ⌊(j+1)n/c⌋); never empty, as c <= n. */
function placeInStratum(
  salt: Hex,
  tag: string,
  words: readonly number[],
  { total, drawn, stratum }: { readonly total: number; readonly drawn: number; readonly stratum: number },
): number {
  const start = Math.floor((stratum * total) / drawn)
  const width = Math.floor(((stratum + 1) * total) / drawn) - start
  return start + draw(salt, tag, [...words, stratum], width)
}

/** uint256(keccak256(salt ‖ tag ‖ words)) mod `below`; the tag is 4 bytes of ASCII, each word 32 bytes. */
function draw(salt: Hex, tag: string, words: readonly number[], below: number): number {
  const tail = words.map(word => numberToBytesBE(word, 32))
  const hash = keccak_256(concatBytes(bytesOf(salt), new TextEncoder().encode(tag), ...tail))
  return Number(bytesToNumberBE(hash) % BigInt(below))
}

function checkedStrata(count: number): number {
  if (!Number.isInteger(count) || count < 1 || count > MAX_STRATA)
    throw new RangeError(`${count} is not within 1 to ${MAX_STRATA}`)
  return count
}

function at(places: readonly number[], position: number): number {
  const place = places[position]
  if (place === undefined) throw new RangeError(`no place ${position}`)
  return place
}

const bytesOf = (hex: Hex): Uint8Array => hexToBytes(hex.slice(2))
