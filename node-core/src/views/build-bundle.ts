/** The bundle of an accepted proof: everything that somebody needs to check it without this node or a chain. */

import { AppError } from '../base/app-error.ts'
import { bytesToHex, type Hex } from '../base/hex.ts'
import { challengeIdOf } from '../domain/challenge.ts'
import { createProofBundle } from '../kzg/bundle-format.ts'
import { merklePath, versionedHash } from '../kzg/commitment-tree.ts'
import type { AcceptedProof } from '../store/proofs-table.ts'
import type { NodeView } from './node-view.ts'

/** @throws AppError POST_MISMATCH when this node doesn't hold the post's commitments · PROOF_NOT_FOUND */
export function buildBundle({ engine }: NodeView, proof: AcceptedProof): Record<string, unknown> {
  const { store, options } = engine
  const post = store.posts.get(proof.postId)
  const challenge = store.challenges.get(proof)?.challenge
  const epoch = store.challenges.epoch(proof.epoch)
  if (post === undefined || challenge === undefined || epoch === undefined)
    throw new AppError('PROOF_NOT_FOUND', { id: challengeIdOf(proof) })
  const commitments = store.posts.commitmentList(post)
  const blobs = challenge.indexes.map(index => {
    const commitment = commitments[index]
    if (commitment === undefined) throw new AppError('POST_MISMATCH', { postId: post.postId, field: 'commitments' })
    return {
      commitment: bytesToHex(commitment),
      versionedHash: asHex(versionedHash(commitment)),
      path: merklePath(commitments, index),
    }
  })
  const [first] = blobs
  if (first === undefined) throw new AppError('PROOF_NOT_FOUND', { id: challengeIdOf(proof) })
  const parts = {
    chainId: options.deployment.chainId,
    registry: options.deployment.postRegistry,
    beacon: options.deployment.seedBeacon,
    post,
    seed: epoch.seed,
    prevRandao: epoch.prevRandao,
    challenge,
    blobs,
  }
  return createProofBundle({ ...parts, commitment: first.commitment, y: proof.y, proof: proof.proof })
}

const asHex = (value: Hex | Uint8Array): Hex => (typeof value === 'string' ? value : bytesToHex(value))
