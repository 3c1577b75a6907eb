/** A post: a file that operators hold, as the chain knows it. */

import type { Hex } from '../base/hex.ts'

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
  readonly attestationDeadlineBlock: number
  readonly blockNumber: number
  readonly attestation: Attestation | null
}

export type Attestation = { readonly attestedEpoch: number; readonly endEpoch: number; readonly attesters: bigint }

/** @param now the newest block and its epoch. */
export function postState(
  post: Pick<Post, 'attestation' | 'attestationDeadlineBlock'>,
  now: { block: number; epoch: number },
): PostState {
  if (post.attestation === null) return now.block > post.attestationDeadlineBlock ? 'lapsed' : 'registered'
  return now.epoch >= post.attestation.endEpoch ? 'ended' : 'attested'
}

/** Operator indexes of a bitmap, ascending. */
export function bitsOf(bitmap: bigint): number[] {
  const bits: number[] = []
  for (let rest = bitmap, at = 0; rest > 0n; rest >>= 1n, at += 1) if ((rest & 1n) === 1n) bits.push(at)
  return bits
}
