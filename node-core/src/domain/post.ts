/** A post: a file that operators hold, as the chain knows it. */

import type { Hex } from '../base/hex.ts'
import type { Level } from './custody-parameters.ts'

export type PostState = 'registered' | 'attested' | 'atRisk' | 'ended' | 'lapsed'
export type ContentState = 'absent' | 'fetching' | 'held' | 'damaged' | 'refused'

export type Post = {
  readonly postId: Hex
  readonly publisher: Hex
  readonly root: Hex
  readonly cid: string
  readonly cidDigest: Hex
  readonly codec: number
  readonly contentType: string
  readonly byteLength: number
  readonly blobCount: number
  readonly termEpochs: number
  readonly nonce: bigint
  /** Counts the latest reopening, and the pauses since then. */
  readonly attestationDeadlineBlock: number
  /** Of the registration, or of the latest reopening. */
  readonly waitingSinceBlock: number
  /** The chain was told that no quorum came in time. */
  readonly isLapsed: boolean
  /** Retired before it was attested. */
  readonly isDropped: boolean
  readonly blockNumber: number
  readonly attestation: Attestation | null
  /** The latest; null while the post was never settled. */
  readonly settlement: Settlement | null
}

/** `nextLevel` is that of the challenges from the epoch after `epoch` on. */
export type Settlement = { readonly epoch: number; readonly nextLevel: Level; readonly isAtRisk: boolean }

/** `endEpoch` is the first epoch without challenges; it can be brought forward. */
export type Attestation = { readonly attestedEpoch: number; readonly endEpoch: number; readonly attesters: bigint }

/** @param now the newest block and its epoch. */
export function postState(
  post: Pick<Post, 'attestation' | 'attestationDeadlineBlock' | 'isLapsed' | 'isDropped' | 'settlement'>,
  now: { block: number; epoch: number },
): PostState {
  if (post.isDropped) return 'ended'
  if (post.attestation === null)
    return post.isLapsed || now.block > post.attestationDeadlineBlock ? 'lapsed' : 'registered'
  if (now.epoch >= post.attestation.endEpoch) return 'ended'
  return post.settlement?.isAtRisk === true ? 'atRisk' : 'attested'
}

/** Operator indexes of a bitmap, ascending. */
export function bitsOf(bitmap: bigint): number[] {
  const bits: number[] = []
  for (let rest = bitmap, at = 0; rest > 0n; rest >>= 1n, at += 1) if ((rest & 1n) === 1n) bits.push(at)
  return bits
}
