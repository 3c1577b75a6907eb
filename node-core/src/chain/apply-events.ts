/** Writes what a block said into the derived tables; runs inside the transaction that inserts the block. */

import { assertNever } from '../base/assert-never.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { unpackParameters } from '../domain/custody-parameters.ts'
import { derivePicks } from '../domain/derive-challenges.ts'
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
      store.operators.insert(event, block)
      return
    case 'operatorLeaving':
      store.operators.insertExit(event, block)
      return
    case 'stakeWithdrawn':
      store.operators.insertWithdrawal(event, block)
      return
    case 'stakeDeposited':
      store.operators.insertDeposit(event, block.hash)
      return
    case 'postRegistered':
      store.posts.insert(event, cidOf(event.cidDigest, event.codec), block)
      return
    case 'postAttested':
      store.posts.insertAttestation(event, block.hash)
      return
    case 'seedFinalised':
      openEpoch(store, event, block)
      return
    case 'proofAccepted':
      store.proofs.insert(event, block)
      return
    case 'proofRejected':
      store.challenges.insertRejection(event, block.hash)
      return
    case 'challengeMissed':
      store.challenges.insertMiss(event, block.hash)
      return
    case 'operatorSlashed':
      store.operators.insertSlash(event, block.hash)
      return
    case 'postLapsed':
    case 'postDropped':
      store.lifecycle.insertClosing(event, block)
      return
    case 'postReopened':
      store.lifecycle.insertReopening(event, block)
      return
    case 'postSettled':
      store.lifecycle.insertSettlement(event, block.hash)
      return
    case 'postEnding':
      store.lifecycle.insertEnding(event, block.hash)
      return
    case 'pauseStarted':
    case 'pauseEnded':
      store.lifecycle.insertPause(event, block)
      return
    case 'beaconChanged':
      store.lifecycle.insertBeacon(event, block)
      return
    case 'batchRejected':
    case 'batchItemSkipped':
    case 'proofUndecodable':
    case 'postAtRisk':
    case 'relayParametersChanged':
    case 'quorumChanged':
    case 'postRetired':
    case 'postBoundToBlobs':
    case 'signalNotDelivered':
    case 'epochsVoid':
      store.notes.insert(event, block.hash)
      return
    default:
      assertNever(event)
  }
}

/** The seed decides every pick and challenge of the epoch: they are rows from here on, and go when the seed's block goes. */
function openEpoch(store: Store, event: Extract<ChainEvent, { kind: 'seedFinalised' }>, block: BlockRef): void {
  const { epoch, seed, closesAtBlock } = event
  store.challenges.insertEpoch(event, block)
  const picks = derivePicks(store.posts.activeIn(epoch), {
    ...{ epoch, seed, vacant: store.operators.vacantIn(epoch), parameters: unpackParameters(event.parameters) },
    ...{ openedBlock: block.number, deadlineBlock: closesAtBlock },
  })
  for (const { post, level, salt, challenges } of picks) {
    store.challenges.insertPick(epoch, { postId: post.postId, level, salt }, block.hash)
    for (const challenge of challenges) store.challenges.insert(challenge, block.hash)
  }
}
