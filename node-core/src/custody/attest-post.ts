/** One post's way to its attestation: hold the content, sign for each own operator, hand the signatures to the relay. */

import { AppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import { type AttestationDomain, attestationTypedData, termsFor } from '../domain/attestation.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import { type EpochSchedule, epochAt } from '../domain/epoch.ts'
import type { Post } from '../domain/post.ts'
import { canonicalSignature } from '../domain/signature.ts'
import type { AttestationGateway } from '../relay/collect-attestations.ts'
import { isActiveIn } from '../store/operators-table.ts'
import type { SignedAttestation } from '../store/signed-attestations-table.ts'
import type { Store } from '../store/store.ts'
import type { OwnOperator, OwnOperators } from './own-operators.ts'

export type AttestOptions = {
  readonly schedule: EpochSchedule
  readonly maxStakeAgeEpochs: number
  readonly domain: AttestationDomain
}
type Deps = { readonly store: Store; readonly operators: OwnOperators; readonly gateway: AttestationGateway }

/** The content must be held and verified; signing again for the same terms gives the stored signature. */
export async function attestPost(post: Post, head: BlockRef, options: AttestOptions, deps: Deps): Promise<void> {
  const registered = deps.store.blocks.at(post.waitingSinceBlock)
  if (registered === undefined) return // the block was just undone; the post comes again with its new block
  const currentEpoch = epochAt(options.schedule, head.number)
  const terms = termsFor(
    { epoch: epochAt(options.schedule, post.waitingSinceBlock), timestamp: registered.timestamp },
    currentEpoch,
    options.maxStakeAgeEpochs,
  )
  const signed = deps.store.signedAttestations.ofPost(post.postId)
  // The chain counts who is active at the snapshot and still is when the signatures come.
  const able = deps.operators
    .atWork()
    .filter(operator => isActiveIn(operator, terms.stakeEpoch) && isActiveIn(operator, currentEpoch))
  const attesting = able.map(async operator => {
    const known = signed.find(
      a =>
        a.operator === operator.index &&
        a.signer === operator.signer && // after a reorg the place may be of another of this node's keys
        a.stakeEpoch === terms.stakeEpoch &&
        a.deadlineSeconds === terms.deadlineSeconds,
    )
    await deps.gateway.collect(known ?? (await sign(post, operator, terms, options.domain, deps.store)))
  })
  // Each for itself: a key that fails, or an attestation that nobody takes, is no reason to keep back the others.
  const failed = (await Promise.allSettled(attesting)).find(result => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

async function sign(
  post: { postId: Hex; root: Hex },
  operator: OwnOperator,
  terms: { stakeEpoch: number; deadlineSeconds: number },
  domain: AttestationDomain,
  store: Store,
): Promise<SignedAttestation> {
  const { index, signer } = operator
  const unsigned = { postId: post.postId, root: post.root, operator: index, ...terms }
  const signature = canonicalSignature(await operator.key.signTypedData(attestationTypedData(domain, unsigned)))
  if (signature === undefined) throw new AppError('VALIDATION_ERROR', { field: 'signature', operator: index })
  const attestation = { ...unsigned, signature, signer }
  store.signedAttestations.insert(attestation)
  return attestation
}
