/** Writes what a block said into the derived tables; runs inside the transaction that inserts the block. */

import { assertNever } from '../base/assert-never.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { unpackParameters } from '../domain/custody-parameters.ts'
import { deriveChallenges } from '../domain/derive-challenges.ts'
import type { Store } from '../store/store.ts'

/** @param cidOf the canonical mapping from the digest on chain to the CID. */
export function applyEvent(
  store: Store,
  event: ChainEvent,
  block: BlockRef,
  cidOf: (digest: `0x${string}`, codec: number) => string,
): void {
  switch (event.kind) {
    case 'operatorJoined':
      return store.operators.insert(event, block.hash)
    case 'stakeDeposited':
      return store.operators.insertDeposit(event, block.hash)
    case 'postRegistered':
      return store.posts.insert(event, cidOf(event.cidDigest, event.codec), block)
    case 'postAttested':
      return store.posts.insertAttestation(event, block.hash)
    case 'seedFinalised':
      return openEpoch(store, event, block)
    case 'proofAccepted':
      return store.proofs.insert(event, block)
    case 'proofRejected':
      return store.challenges.insertRejection(event, block.hash)
    case 'challengeMissed':
      return store.challenges.insertMiss(event, block.hash)
    case 'operatorSlashed':
      return store.operators.insertSlash(event, block.hash)
    default:
      return assertNever(event)
  }
}

/** The seed decides every challenge of the epoch: they are rows from here on, and go when the seed's block goes. */
function openEpoch(store: Store, event: Extract<ChainEvent, { kind: 'seedFinalised' }>, block: BlockRef): void {
  store.challenges.insertEpoch(event, block.hash)
  const parameters = unpackParameters(event.parameters)
  for (const post of store.posts.activeIn(event.epoch)) {
    if (post.attestation === null) continue
    const challenges = deriveChallenges({
      post: {
        postId: post.postId,
        root: post.root,
        blobCount: post.blobCount,
        attesters: post.attestation.attesters,
        level: 0,
      },
      epoch: event.epoch,
      seed: event.seed,
      parameters,
      openedBlock: block.number,
      deadlineBlock: event.closesAtBlock,
    })
    for (const challenge of challenges) store.challenges.insert(challenge, block.hash)
  }
}
