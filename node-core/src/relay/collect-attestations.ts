/** The relay's side of attesting: collects signatures, checks each, and submits them together once the quorum is there. */

import { attestationRelayAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeFunctionData } from 'viem'
import { AppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import { currentAttempt } from '../chain/current-attempt.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { OperatorRecord } from '../store/operators-table.ts'
import type { SignedAttestation } from '../store/signed-attestations-table.ts'
import type { Store } from '../store/store.ts'
import { type AttestationDomain, recoverAttester } from './attestation.ts'

/** Where an operator's attestation goes: this node's own relay or another's. */
export type AttestationGateway = { collect(attestation: SignedAttestation): Promise<void> }
export type AttestationRelay = AttestationGateway & { onHead(head: BlockRef): void }

/** Blocks that the relay waits after the quorum for the operators that are still fetching. */
const PATIENCE_BLOCKS = 4
const MAX_POSTS = 10_000

type Options = { readonly domain: AttestationDomain; readonly quorumBps: number }
type Deps = {
  readonly store: Store
  readonly sender: TransactionSender
  readonly onFailure: (postId: Hex, error: unknown) => void
}
/** By the terms that must agree, then by operator. */
type Collected = { quorumSinceBlock: number | undefined; readonly byOperator: Map<number, SignedAttestation> }

export function createAttestationRelay(options: Options, deps: Deps): AttestationRelay {
  const collected = new Map<string, Collected>()
  const submitting = new Set<string>()

  async function collect(attestation: SignedAttestation): Promise<void> {
    const operator = deps.store.operators.list().find(each => each.index === attestation.operator)
    const signer = await recoverAttester(options.domain, attestation)
    if (operator === undefined || signer !== operator.signer)
      throw new AppError('VALIDATION_ERROR', { field: 'signature', operator: attestation.operator })
    const group = groupKey(attestation)
    if (!collected.has(group) && collected.size >= MAX_POSTS)
      throw new AppError('QUEUE_FULL', { queue: 'attestations' })
    const entry = collected.get(group) ?? { quorumSinceBlock: undefined, byOperator: new Map() }
    entry.byOperator.set(attestation.operator, attestation)
    collected.set(group, entry)
  }

  function onHead(head: BlockRef): void {
    const operators = deps.store.operators.list()
    for (const [group, entry] of collected) {
      const first = entry.byOperator.values().next().value
      const post = first === undefined ? undefined : deps.store.posts.get(first.postId)
      if (
        first === undefined ||
        post === undefined ||
        post.attestation !== null ||
        head.number > post.attestationDeadlineBlock
      ) {
        if (post !== undefined) collected.delete(group)
        continue
      }
      if (!isDue(entry, operators, first.stakeEpoch, head, options.quorumBps) || submitting.has(group)) continue
      submitting.add(group)
      submit(first.postId, entry)
        .catch(error => deps.onFailure(first.postId, error))
        .finally(() => submitting.delete(group))
    }
  }

  async function submit(postId: Hex, entry: Collected): Promise<void> {
    const attestations = [...entry.byOperator.values()].sort((a, b) => a.operator - b.operator)
    const [first] = attestations
    if (first === undefined) return
    const data = encodeFunctionData({
      abi: attestationRelayAbi,
      functionName: 'submit',
      args: [
        postId,
        BigInt(first.stakeEpoch),
        BigInt(first.deadlineSeconds),
        attestations.map(a => a.operator),
        attestations.map(a => a.signature),
      ],
    })
    const attempt = currentAttempt(deps.store.transactions, `attest:${groupKey(first)}`)
    if (attempt.state === 'unsent' || attempt.state === 'pending')
      await deps.sender.send({ key: attempt.key, to: options.domain.attestationRelay, data })
  }

  return { collect, onHead }
}

const groupKey = (a: SignedAttestation): string => `${a.postId}:${a.stakeEpoch}:${a.deadlineSeconds}`

/** At once when everybody signed; otherwise a few blocks after the quorum was first there. */
function isDue(
  entry: Collected,
  operators: readonly OperatorRecord[],
  stakeEpoch: number,
  head: BlockRef,
  quorumBps: number,
): boolean {
  const active = operators.filter(each => each.activeFromEpoch <= stakeEpoch)
  const total = active.reduce((sum, each) => sum + each.stakeWei, 0n)
  const signed = active.filter(each => entry.byOperator.has(each.index)).reduce((sum, each) => sum + each.stakeWei, 0n)
  if (total === 0n || signed * 10_000n < total * BigInt(quorumBps)) return false
  entry.quorumSinceBlock ??= head.number
  return entry.byOperator.size >= active.length || head.number >= entry.quorumSinceBlock + PATIENCE_BLOCKS
}
