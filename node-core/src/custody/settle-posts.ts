/** Settles posts whose epoch is over: too few proofs raise the level of their challenges, enough reset it. */

import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeFunctionData } from 'viem'
import type { Hex } from '../base/hex.ts'
import { currentAttempt } from '../chain/current-attempt.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import { type FrozenParameters, LAST_LEVEL, type Level, unpackParameters } from '../domain/custody-parameters.ts'
import { type EpochSchedule, lastBlockOf } from '../domain/epoch.ts'
import { bitsOf, type Post } from '../domain/post.ts'
import { isPicked, saltOf } from '../domain/sampling.ts'
import type { EpochRecord } from '../store/challenges-table.ts'
import type { Store } from '../store/store.ts'

export type Settlement = { readonly postId: Hex; readonly epoch: number; readonly salt: Hex }
/** `publisher` is this node's own address as one. */
export type Concern = { readonly operators: readonly number[]; readonly publisher: Hex }

/**
 * Only what changes something: a post that stays at its level and as safe or as much at risk as it was is left alone, as the level
 * stays by itself. Whoever attests a post settles it, and its publisher, one block after the other in the order of the attesters, so
 * that nodes don't pay for each other's races; it is found due at each head until the chain says that it is done.
 * @returns what this node is to settle in the block after `head`.
 */
export function settlementsDue(store: Store, schedule: EpochSchedule, head: BlockRef, concern: Concern): Settlement[] {
  const record = store.challenges.latestEpoch()
  if (record === undefined) return []
  const next = head.number + 1
  const lastBlock = lastBlockOf(schedule, record.epoch)
  if (next <= record.closesAtBlock || next > lastBlock || store.lifecycle.isPausedAt(next)) return []
  const parameters = unpackParameters(record.parameters)
  return store.posts.activeIn(record.epoch).flatMap(({ post, level }) => {
    const rank = rankOf(post, concern)
    const turn = rank === undefined ? Number.POSITIVE_INFINITY : Math.min(record.closesAtBlock + 1 + rank, lastBlock)
    if (next < turn || store.lifecycle.isSettled(post.postId, record.epoch)) return []
    const salt = saltOf(record.seed, post.postId, level)
    if (!isPicked(salt, level, parameters.period) || !changesSomething(store, post, level, record, parameters))
      return []
    return [{ postId: post.postId, epoch: record.epoch, salt }]
  })
}

/** @returns how many others come first; undefined when the post is no business of this node. */
function rankOf(post: Post, { operators, publisher }: Concern): number | undefined {
  const attesters = bitsOf(post.attestation?.attesters ?? 0n)
  const rank = attesters.findIndex(each => operators.includes(each))
  if (rank >= 0) return rank
  return post.publisher === publisher ? attesters.length : undefined
}

function changesSomething(
  store: Store,
  post: Post,
  level: Level,
  { epoch }: EpochRecord,
  { custodyBps }: FrozenParameters,
): boolean {
  const { challenged, proven } = store.challenges.tallyOf(post.postId, epoch)
  const wasAtRisk = post.settlement?.isAtRisk ?? false
  const isWell = challenged > 0 && proven * 10_000 >= challenged * custodyBps
  if (isWell) return level > 0 || wasAtRisk
  const isFailed = challenged > 0 || isDeserted(store, post, epoch)
  return level < LAST_LEVEL || (!wasAtRisk && isFailed)
}

/** A draw of vacant operators puts a post at risk only when no others are left. */
function isDeserted(store: Store, post: Post, epoch: number): boolean {
  const attesters = post.attestation?.attesters ?? 0n
  return (attesters & ~store.operators.vacantIn(epoch)) === 0n
}

/** @throws AppError TRANSACTION_FAILED when the chain would refuse it, as when another has settled it meanwhile. */
export async function settlePost(
  { postId, epoch, salt }: Settlement,
  custodyChallenges: Hex,
  deps: { readonly store: Store; readonly sender: Pick<TransactionSender, 'send'> },
): Promise<void> {
  const attempt = currentAttempt(deps.store.transactions, `settle:${postId}:${epoch}:${salt}`)
  if (attempt.state !== 'unsent' && attempt.state !== 'pending') return
  const data = encodeFunctionData({ abi: custodyChallengesAbi, functionName: 'settle', args: [postId, epoch] })
  await deps.sender.send({ key: attempt.key, to: custodyChallenges, data })
}
