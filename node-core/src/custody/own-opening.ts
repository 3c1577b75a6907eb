/** The opening of one challenge alone, for whoever wants to check it: also of an answer that went out in a batch, or of another operator. */

import type { Hex } from '../base/hex.ts'
import type { Challenge } from '../domain/challenge.ts'
import type { Post } from '../domain/post.ts'
import { openBlobs } from '../kzg/file-commitments.ts'
import type { Prover } from '../kzg/prover.ts'
import { readPayload } from './challenged-blobs.ts'
import type { OpenDeps } from './open-challenge.ts'

/** `commitment` is that of the (folded) blobs. */
export type OwnOpening = { readonly commitment: Hex; readonly y: bigint; readonly proof: Hex }
type Deps = Pick<OpenDeps, 'store' | 'blocks'> & { readonly prover: Prover }

/** One kept for a single blob is given as it is; others are made from the content. @throws AppError IPFS_FETCH_FAILED · PROVER_FAILED … */
export async function openingOf(challenge: Challenge, post: Post, deps: Deps): Promise<OwnOpening> {
  const kept = deps.store.proofs.answer(challenge, challenge.salt)?.opening
  if (kept && challenge.indexes.length === 1) return { commitment: kept.points, y: kept.y, proof: kept.proof }
  const { postId, operator, salt, indexes } = challenge
  const { commitment, y, proof } = await openBlobs(
    {
      ...{ postId, operator, salt, root: post.root, blobCount: post.blobCount, blobsAtLevel: indexes.length },
      payloadAt: index => readPayload(post, index, deps.blocks, {}),
    },
    deps.prover,
  )
  return { commitment, y, proof }
}
