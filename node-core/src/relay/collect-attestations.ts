/** The relay's side of attesting: collects signatures, checks each, and submits them together once the quorum is there. */

import type { Hex } from '../base/hex.ts'
import type { Protocol } from '../chain/read-protocol.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import type { AttestationDomain } from '../domain/attestation.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { Post } from '../domain/post.ts'
import type { SignedAttestation } from '../store/signed-attestations-table.ts'
import type { Store } from '../store/store.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { lapsePost, lapsesDue } from './lapse-post.ts'
import { createPacedTasks } from './paced-tasks.ts'
import { submitAttestations } from './submit-attestations.ts'
import { type CollectState, takeAttestation } from './take-attestation.ts'
import { createTallies, hasQuorum, type Terms, termsKey } from './tally-attestations.ts'

/** Where an operator's attestation goes: this node's own relay or another's. */
export type AttestationGateway = { collect(attestation: SignedAttestation): Promise<CollectState> }
export type AttestationRelay = {
  /** @param admit see `takeAttestation`. @throws AppError VALIDATION_ERROR {field, operator} · QUEUE_FULL */
  collect(attestation: SignedAttestation, admit?: (operator: number) => void): Promise<CollectState>
  onHead(head: BlockRef): void
}

/** Blocks that the relay waits after the quorum for the operators that are still fetching. */
const PATIENCE_BLOCKS = 4
/** Blocks for which attestations of a post are kept that the relay doesn't know: its operators may be ahead of it. */
const UNKNOWN_BLOCKS = 32

type Options = {
  readonly domain: AttestationDomain
  readonly protocol: Pick<Protocol, 'quorumBps' | 'schedule' | 'maxStakeAgeEpochs'>
}
type Deps = {
  readonly store: Store
  readonly sender: Pick<TransactionSender, 'send'>
  readonly metrics: Pick<Metrics, 'count'>
  readonly onFailure: (postId: string, error: unknown) => void
}
/** What the relay saw of a post that it holds attestations of; a restart begins it anew. */
type Watch = {
  /** First head at which the terms had their quorum. */
  readonly quorumSince: Map<string, number>
  unknownSince: number | undefined
}

export function createAttestationRelay(options: Options, deps: Deps): AttestationRelay {
  const { store } = deps
  const watches = new Map<Hex, Watch>()
  const tasks = createPacedTasks(deps.onFailure)

  function onHead(head: BlockRef): void {
    lapseDue(head)
    // What is paused is submitted when the pause is over.
    if (store.lifecycle.isPausedAt(head.number + 1)) return
    const postIds = store.collectedAttestations.postIds()
    const tallies = createTallies(options, store, head)
    for (const postId of postIds) {
      const watch = watches.get(postId) ?? { quorumSince: new Map(), unknownSince: undefined }
      watches.set(postId, watch)
      const post = store.posts.get(postId)
      watch.unknownSince = post === undefined ? (watch.unknownSince ?? head.number) : undefined
      if (isOver(post, watch, head)) forget(postId)
      else if (post !== undefined && head.number <= post.attestationDeadlineBlock)
        submitWhenDue(watch, post, tallies.of(post, store.collectedAttestations.ofPost(postId)), head)
    }
  }

  function forget(postId: Hex): void {
    store.collectedAttestations.forget(postId)
    watches.delete(postId)
    tasks.forget(postId)
  }

  /** Of the terms that have their quorum, the newest: the contract takes no stake that is too old. */
  function submitWhenDue(watch: Watch, post: Post, tallies: readonly Terms[], head: BlockRef): void {
    const newest = tallies.find(each => hasQuorum(each, options.protocol.quorumBps))
    if (newest === undefined || !tasks.isReady(newest.postId, head)) return
    const key = termsKey(newest)
    const since = watch.quorumSince.get(key) ?? head.number
    watch.quorumSince.set(key, since)
    if (!newest.isComplete && head.number < since + PATIENCE_BLOCKS) return
    tasks.run(newest.postId, head, () =>
      submitAttestations(newest, post.attestationDeadlineBlock, { ...options.domain, by: 'relay' }, deps),
    )
  }

  /** With the newest signatures that there are. */
  function lapseDue(head: BlockRef): void {
    const due = lapsesDue(store, head, 0).filter(post => tasks.isReady(post.postId, head))
    const tallies = createTallies(options, store, head)
    for (const post of due) {
      const [newest] = tallies.of(post, store.collectedAttestations.ofPost(post.postId))
      tasks.run(post.postId, head, () => lapsePost(post, newest, options.domain, deps))
    }
  }

  return {
    async collect(attestation, admit = () => undefined) {
      const state = await takeAttestation(attestation, options.domain, store, admit)
      if (state === 'collected') deps.metrics.count('emerald_collected_attestations_total', {})
      return state
    },
    onHead,
  }
}

function isOver(post: Post | undefined, { unknownSince }: Watch, head: BlockRef): boolean {
  if (post === undefined) return head.number > (unknownSince ?? head.number) + UNKNOWN_BLOCKS
  return post.attestation !== null || post.isLapsed || post.isDropped
}
