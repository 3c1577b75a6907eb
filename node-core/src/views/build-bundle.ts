/** The bundle of an accepted proof: everything that somebody needs to check it without this node or a chain. */

import { AppError } from '../base/app-error.ts'
import { bytesToHex, type Hex } from '../base/hex.ts'
import { challengeIdOf } from '../domain/challenge.ts'
import { createProofBundle } from '../kzg/bundle-format.ts'
import { merklePaths, versionedHash } from '../kzg/commitment-tree.ts'
import type { AcceptedProof } from '../store/proofs-table.ts'
import type { NodeView } from './node-view.ts'

/**
 * A bundle holds the challenge's own opening, also when the answer came in a batch: then it is made now, from the content.
 * @throws AppError POST_MISMATCH when this node doesn't hold the post's commitments · PROOF_NOT_FOUND · IPFS_FETCH_FAILED …
 */
export async function buildBundle({ engine }: NodeView, proof: AcceptedProof): Promise<Record<string, unknown>> {
  const { store, options } = engine
  const post = store.posts.get(proof.postId)
  const challenge = store.challenges.get(proof)?.challenge
  const epoch = store.challenges.epoch(proof.epoch)
  if (post === undefined || challenge === undefined || epoch === undefined)
    throw new AppError('PROOF_NOT_FOUND', { id: challengeIdOf(proof) })
  const commitments = store.posts.commitmentList(post)
  const paths = merklePaths(commitments, challenge.indexes)
  const blobs = challenge.indexes.map((index, at) => {
    const commitment = commitments[index]
    if (commitment === undefined) throw new AppError('POST_MISMATCH', { postId: post.postId, field: 'commitments' })
    return {
      commitment: bytesToHex(commitment),
      versionedHash: asHex(versionedHash(commitment)),
      path: paths[at] ?? [],
    }
  })
  return createProofBundle({
    chainId: options.deployment.chainId,
    registry: options.deployment.postRegistry,
    beacon: store.lifecycle.beaconIn(proof.epoch) ?? options.deployment.seedBeacon,
    ...{ post, challenge, blobs, seed: epoch.seed, prevRandao: epoch.prevRandao },
    ...(await engine.custody.openingOf(challenge, post)),
  })
}

const asHex = (value: Hex | Uint8Array): Hex => (typeof value === 'string' ? value : bytesToHex(value))
