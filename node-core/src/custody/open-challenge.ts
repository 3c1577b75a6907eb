/** The challenge's own proof, from the content alone. */

import { bytesToHex } from '../base/hex.ts'
import type { BlockNode } from '../blocks/block-node.ts'
import type { Challenge } from '../domain/challenge.ts'
import type { Post } from '../domain/post.ts'
import type { Prover } from '../kzg/prover.ts'
import { type AnswerTimings, NO_TIMINGS, type Opening } from '../store/proofs-table.ts'
import type { Store } from '../store/store.ts'
import { blobsOf, readFold, singleBlobOf } from './challenged-blobs.ts'

export type OpenDeps = {
  readonly store: Store
  readonly blocks: BlockNode
  readonly prover: Pick<Prover, 'openFolded' | 'uncompress'>
  readonly now: () => number
}

/** @throws AppError IPFS_FETCH_FAILED · POST_MISMATCH · PROVER_FAILED … */
export async function openChallenge(
  challenge: Challenge,
  post: Post,
  signal: AbortSignal,
  deps: OpenDeps,
): Promise<{ opening: Opening; timings: AnswerTimings }> {
  const readStartedAt = deps.now()
  const fold = await readFold(challenge, post, deps.blocks, { signal })
  const openStartedAt = deps.now()
  const { y, proof, foldMs } = await deps.prover.openFolded(fold, { priority: 'challenge', signal })
  const blobs =
    challenge.indexes.length === 1
      ? singleBlobOf(challenge, post, deps.store)
      : await blobsOf(challenge, post, signal, deps)
  const [readMs, openMs] = [openStartedAt - readStartedAt, Math.max(0, deps.now() - openStartedAt - foldMs)]
  const timings = { ...NO_TIMINGS, readMs, foldMs, openMs }
  return { opening: { ...blobs, y, proof: bytesToHex(proof) }, timings }
}
