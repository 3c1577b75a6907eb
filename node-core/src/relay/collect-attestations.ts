/** The relay's side of attesting: collects signatures, checks each, and submits them together once the quorum is there. */

import { attestationRelayAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeFunctionData } from 'viem'
import { AppError } from '../base/app-error.ts'
import { currentAttempt } from '../chain/current-attempt.ts'
import type { Protocol } from '../chain/read-protocol.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import { type AttestationDomain, deadlineFor } from '../domain/attestation.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import { epochAt } from '../domain/epoch.ts'
import type { Post } from '../domain/post.ts'
import { isActiveIn, type OperatorRecord } from '../store/operators-table.ts'
import type { SignedAttestation } from '../store/signed-attestations-table.ts'
import type { Store } from '../store/store.ts'
import { lapsePost, lapsesDue } from './lapse-post.ts'
import { createPacedTasks } from './paced-tasks.ts'
import { recoverAttester } from './recover-attester.ts'
import { type Terms, tallyOf, termsKey } from './tally-attestations.ts'

/** Where an operator's attestation goes: this node's own relay or another's. */
export type AttestationGateway = { collect(attestation: SignedAttestation): Promise<void> }
export type AttestationRelay = AttestationGateway & { onHead(head: BlockRef): void }

/** Blocks that the relay waits after the quorum for the operators that are still fetching. */
const PATIENCE_BLOCKS = 4
const MAX_POSTS = 10_000
/** Blocks for which attestations of a post are kept that the relay doesn't know: its operators may be ahead of it. */
const UNKNOWN_BLOCKS = 32

type Options = {
  readonly domain: AttestationDomain
  readonly protocol: Pick<Protocol, 'quorumBps' | 'schedule'>
}
type Deps = {
  readonly store: Store
  readonly sender: Pick<TransactionSender, 'send'>
  readonly onFailure: (postId: string, error: unknown) => void
}
type Collected = {
  /** One for each operator: what it signed last. So no operator takes more room than that. */
  readonly byOperator: Map<number, SignedAttestation>
  /** First head at which the terms had their quorum. */
  readonly quorumSince: Map<string, number>
  unknownSince: number | undefined
}

export function createAttestationRelay(options: Options, deps: Deps): AttestationRelay {
  const { store } = deps
  const collected = new Map<string, Collected>()
  const tasks = createPacedTasks(deps.onFailure)

  /** @throws AppError VALIDATION_ERROR {field, operator} · QUEUE_FULL */
  async function collect(attestation: SignedAttestation): Promise<void> {
    const { postId, operator, stakeEpoch } = attestation
    // Operators send at every head until the post is attested: what is known is not checked again.
    if (collected.get(postId)?.byOperator.get(operator)?.signature === attestation.signature) return
    const identity = store.operators.identities().find(each => each.index === operator)
    const post = store.posts.get(postId)
    if (identity === undefined || (await recoverAttester(options.domain, attestation)) !== identity.signer)
      throw new AppError('VALIDATION_ERROR', { field: 'signature', operator })
    // One signature that the contract refuses would take the whole submission down.
    if (!isActiveIn(identity, stakeEpoch)) throw new AppError('VALIDATION_ERROR', { field: 'stakeEpoch', operator })
    if (post !== undefined && post.root !== attestation.root)
      throw new AppError('VALIDATION_ERROR', { field: 'root', operator })
    const entry = collected.get(postId) ?? newEntry()
    if (!collected.has(postId) && collected.size >= MAX_POSTS)
      throw new AppError('QUEUE_FULL', { queue: 'attestations' })
    entry.byOperator.set(operator, attestation)
    collected.set(postId, entry)
  }

  function onHead(head: BlockRef): void {
    lapseDue(head)
    // What is paused is submitted when the pause is over.
    if (collected.size === 0 || store.lifecycle.isPausedAt(head.number + 1)) return
    const operators = store.operators.list()
    for (const [postId, entry] of collected) {
      const post = store.posts.get(postId)
      entry.unknownSince = post === undefined ? (entry.unknownSince ?? head.number) : undefined
      const isOver =
        post === undefined
          ? head.number > (entry.unknownSince ?? head.number) + UNKNOWN_BLOCKS
          : post.attestation !== null || post.isLapsed || post.isDropped
      if (isOver) {
        collected.delete(postId)
        tasks.forget(postId)
      }
      if (!isOver && post !== undefined && head.number <= post.attestationDeadlineBlock)
        submitWhenDue(entry, post, talliesOf(post, head, operators), head)
    }
  }

  /** Of the terms that have their quorum, the newest: the contract takes no stake that is too old. */
  function submitWhenDue(entry: Collected, post: Post, tallies: readonly Terms[], head: BlockRef): void {
    const [newest] = tallies.filter(
      each => each.signedWei * 10_000n >= each.totalWei * BigInt(options.protocol.quorumBps),
    )
    if (newest === undefined || !tasks.isReady(newest.postId, head)) return
    const key = termsKey(newest)
    const since = entry.quorumSince.get(key) ?? head.number
    entry.quorumSince.set(key, since)
    if (!newest.isComplete && head.number < since + PATIENCE_BLOCKS) return
    tasks.run(newest.postId, head, () => submit(newest, post.attestationDeadlineBlock))
  }

  /** With the newest signatures that there are. */
  function lapseDue(head: BlockRef): void {
    const due = lapsesDue(store, head, 0).filter(post => tasks.isReady(post.postId, head))
    const operators = due.length === 0 ? [] : store.operators.list()
    for (const post of due) {
      const [newest] = talliesOf(post, head, operators)
      tasks.run(post.postId, head, () => lapsePost(post, newest, options.domain, deps))
    }
  }

  function talliesOf(post: Post, head: BlockRef, operators: readonly OperatorRecord[]): Terms[] {
    const registered = store.blocks.at(post.waitingSinceBlock)
    if (registered === undefined) return [] // the block was just undone; the post comes again with its new block
    return tallyOf(
      { postId: post.postId, root: post.root, deadlineSeconds: deadlineFor(registered) },
      collected.get(post.postId)?.byOperator.values() ?? [],
      operators,
      epochAt(options.protocol.schedule, head.number + 1),
    )
  }

  async function submit(terms: Terms, deadlineBlock: number): Promise<void> {
    const { postId, stakeEpoch, deadlineSeconds, attestations } = terms
    const data = encodeFunctionData({
      abi: attestationRelayAbi,
      functionName: 'submit',
      args: [
        postId,
        BigInt(stakeEpoch),
        BigInt(deadlineSeconds),
        attestations.map(a => a.operator),
        attestations.map(a => a.signature),
      ],
    })
    const attempt = currentAttempt(store.transactions, `attest:${termsKey({ postId, stakeEpoch, deadlineSeconds })}`)
    if (attempt.state === 'unsent' || attempt.state === 'pending')
      await deps.sender.send({ key: attempt.key, to: options.domain.attestationRelay, data, deadlineBlock })
  }

  return { collect, onHead }
}

const newEntry = (): Collected => ({
  byOperator: new Map(),
  quorumSince: new Map(),
  unknownSince: undefined,
})
