/** The Merkle tree over a post's commitments, whose root stands on chain; see the protocol, section 1. */

import { numberToBytesBE } from '@noble/curves/utils.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { AppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import { COMMITMENT_BYTES } from '../domain/point-bytes.ts'
import { fromHex, toHex } from '../domain/words.ts'

/** https://eips.ethereum.org/EIPS/eip-4844 (VERSIONED_HASH_VERSION_KZG) */
const VERSION = 0x01
/** In the first byte of a compressed point: this is the point at infinity. */
const INFINITY_FLAG = 0x40
const MISSING_LEAF = new Uint8Array(32)

/**
 * `0x01 ‖ sha256(commitment)[1:32]`.
 * @param commitment compressed point of G1, 48 bytes.
 * @throws AppError PROOF_INVALID {reason} for another length or the point at infinity, which stands for no data at all.
 */
export function versionedHash(commitment: Uint8Array): Hex {
  if (commitment.length !== COMMITMENT_BYTES) throw new AppError('PROOF_INVALID', { reason: 'commitment length' })
  if (((commitment[0] ?? 0) & INFINITY_FLAG) !== 0)
    throw new AppError('PROOF_INVALID', { reason: 'commitment at infinity' })
  const hash = sha256(commitment)
  hash[0] = VERSION
  return toHex(hash)
}

/** `keccak256(0x00 ‖ uint32 index ‖ versionedHash)`: 37 bytes, so that no node can pass for a leaf. */
export function commitmentLeaf(index: number, hash: Hex): Hex {
  return toHex(keccak_256(concatBytes(Uint8Array.of(0), numberToBytesBE(index, 4), fromHex(hash))))
}

/** Siblings on the way from a leaf to the root: ceil(log2 blobCount). */
export const pathLengthOf = (blobCount: number): number => Math.ceil(Math.log2(blobCount))

/** @param commitments of all blobs in order, at least one. @throws AppError EMPTY_FILE · PROOF_INVALID */
export function commitmentRoot(commitments: readonly Uint8Array[]): Hex {
  const [root = MISSING_LEAF] = levelsOf(commitments).at(-1) ?? []
  return toHex(root)
}

/** Siblings from the leaf upwards, lowest first. @throws AppError EMPTY_FILE · PROOF_INVALID; RangeError when no blob has the index. */
export function merklePath(commitments: readonly Uint8Array[], index: number): Hex[] {
  const [path = []] = merklePaths(commitments, [index])
  return path
}

/** As `merklePath` for each index, for the price of one tree. */
export function merklePaths(commitments: readonly Uint8Array[], indexes: readonly number[]): Hex[][] {
  for (const index of indexes)
    if (!Number.isInteger(index) || index < 0 || index >= commitments.length)
      throw new RangeError(`no blob has the index ${index}`)
  const below = levelsOf(commitments).slice(0, -1)
  return indexes.map(index => below.map((level, height) => toHex(level[(index >> height) ^ 1] ?? MISSING_LEAF)))
}

/** The root to which a leaf and its siblings lead. Bit t of `index`: the node at height t stands right of its sibling. */
export function climb(leaf: Hex, index: number, path: readonly Hex[]): Hex {
  const root = path.reduce((node, hex, height) => {
    const sibling = fromHex(hex)
    return ((index >> height) & 1) === 1 ? hashPair(sibling, node) : hashPair(node, sibling)
  }, fromHex(leaf))
  return toHex(root)
}

/** All levels, leaves first; the tree is filled up to a power of two with zero words. */
function levelsOf(commitments: readonly Uint8Array[]): Uint8Array[][] {
  if (commitments.length === 0) throw new AppError('EMPTY_FILE')
  const leaves = commitments.map((commitment, index) => fromHex(commitmentLeaf(index, versionedHash(commitment))))
  const width = 2 ** pathLengthOf(leaves.length)
  const levels = [leaves.concat(Array.from({ length: width - leaves.length }, () => MISSING_LEAF))]
  for (let level = levels[0] ?? []; level.length > 1; ) {
    const above: Uint8Array[] = []
    for (let at = 0; at < level.length; at += 2)
      above.push(hashPair(level[at] ?? MISSING_LEAF, level[at + 1] ?? MISSING_LEAF))
    levels.push(above)
    level = above
  }
  return levels
}

const hashPair = (left: Uint8Array, right: Uint8Array): Uint8Array => keccak_256(concatBytes(left, right))
