/** The relay's intake: keeps what an operator signed when it is genuine and says more than what is there already. */

import { AppError } from '../base/app-error.ts'
import { type AttestationDomain, deadlineFor } from '../domain/attestation.ts'
import type { Post } from '../domain/post.ts'
import { canonicalSignature } from '../domain/signature.ts'
import { isActiveIn } from '../store/operators-table.ts'
import type { AttributedAttestation, SignedAttestation } from '../store/signed-attestations-table.ts'
import type { Store } from '../store/store.ts'
import { recoverAttester } from './recover-attester.ts'

/** `known`: as much was there before. `attested`: the chain needs it no more. */
export type CollectState = 'collected' | 'known' | 'attested'

const MAX_POSTS = 10_000
/** Posts that the chain has not told of are signed for at no cost: 256 operators together still leave room for those that it has. */
const MAX_UNKNOWN_OF_OPERATOR = 32

/**
 * What was signed replaces what the operator signed before only when it fits the post better or comes later, so that a repetition of
 * old words, which anybody can have copied, changes nothing.
 * @param admit asked before anything is stored, once it is certain who signed; may throw.
 * @throws AppError VALIDATION_ERROR {field, operator} · QUEUE_FULL
 */
export async function takeAttestation(
  given: SignedAttestation,
  domain: AttestationDomain,
  store: Store,
  admit: (operator: number) => void,
): Promise<CollectState> {
  const { operator } = given
  const signature = canonicalSignature(given.signature)
  if (signature === undefined) throw refusal('signature', operator)
  const attestation = { ...given, signature }
  const early = isHeld(attestation, store) ? 'known' : placeOf(attestation, store)
  if (early !== 'collected') return early
  const signer = signerOf(attestation, store)
  if ((await recoverAttester(domain, attestation)) !== signer) throw refusal('signature', operator)
  // Meanwhile the chain may have gone on, or another copy come.
  const place = placeOf(attestation, store)
  if (place !== 'collected') return place
  assertRoom(attestation, store)
  admit(operator)
  store.collectedAttestations.put({ ...attestation, signer })
  return 'collected'
}

/** Operators send at every head until the post is attested: what is there as it is, is not looked at further. */
function isHeld({ postId, operator, ...given }: SignedAttestation, { posts, collectedAttestations }: Store): boolean {
  const held = posts.isAttested(postId) ? undefined : collectedAttestations.find(postId, operator)
  return (
    held?.signature === given.signature &&
    held.root === given.root &&
    held.stakeEpoch === given.stakeEpoch &&
    held.deadlineSeconds === given.deadlineSeconds
  )
}

/** Costs no cryptography, so whoever floods the relay with what it knows or never takes costs it little. @throws AppError VALIDATION_ERROR */
function placeOf(attestation: SignedAttestation, store: Store): CollectState {
  const { postId, operator } = attestation
  const post = store.posts.get(postId)
  if (post?.attestation != null) return 'attested'
  if (post?.isLapsed || post?.isDropped) throw refusal('postId', operator)
  if (post !== undefined && post.root !== attestation.root) throw refusal('root', operator)
  const signer = signerOf(attestation, store)
  const held = store.collectedAttestations.find(postId, operator)
  if (held === undefined || held.signer !== signer) return 'collected'
  return compare(attestation, held, fitOf(post, store))
}

function compare(
  given: SignedAttestation,
  held: AttributedAttestation,
  fits: (attestation: SignedAttestation) => boolean,
): CollectState {
  if (fits(given) && !fits(held)) return 'collected'
  if (given.deadlineSeconds !== held.deadlineSeconds) {
    if (!fits(held) && given.deadlineSeconds > held.deadlineSeconds) return 'collected'
    throw refusal('deadlineSeconds', given.operator)
  }
  if (given.stakeEpoch > held.stakeEpoch) return 'collected'
  if (given.root !== held.root) throw refusal('root', given.operator)
  return 'known'
}

/** Of this post, in the block in which it waits as far as this node knows: after a reorg it waits in another, with another deadline. */
function fitOf(post: Post | undefined, store: Store): (attestation: SignedAttestation) => boolean {
  const registered = post && store.blocks.at(post.waitingSinceBlock)
  if (post === undefined || registered === undefined) return () => false
  return ({ root, deadlineSeconds }) => root === post.root && deadlineSeconds === deadlineFor(registered)
}

/** One signature that the contract refuses would take the whole submission down. @throws AppError VALIDATION_ERROR */
function signerOf({ operator, stakeEpoch }: SignedAttestation, store: Store): AttributedAttestation['signer'] {
  const identity = store.operators.identities().find(each => each.index === operator)
  if (identity === undefined) throw refusal('operator', operator)
  if (!isActiveIn(identity, stakeEpoch)) throw refusal('stakeEpoch', operator)
  return identity.signer
}

/** @throws AppError QUEUE_FULL */
function assertRoom({ postId, operator }: SignedAttestation, { collectedAttestations, posts }: Store): void {
  const isUnknown = posts.get(postId) === undefined && collectedAttestations.find(postId, operator) === undefined
  const isFull =
    (!collectedAttestations.hasPost(postId) && collectedAttestations.postCount() >= MAX_POSTS) ||
    (isUnknown && collectedAttestations.unknownCount(operator) >= MAX_UNKNOWN_OF_OPERATOR)
  if (isFull) throw new AppError('QUEUE_FULL', { queue: 'attestations' })
}

const refusal = (field: string, operator: number): AppError => new AppError('VALIDATION_ERROR', { field, operator })
