/** Settles posts whose epoch is over: too few proofs raise the level of their challenges, enough reset it. */

import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeFunctionData } from 'viem'
import type { Hex } from '../base/hex.ts'
import { currentAttempt } from '../chain/current-attempt.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import { unpackParameters } from '../domain/custody-parameters.ts'
import { type EpochSchedule, lastBlockOf } from '../domain/epoch.ts'
import { bitsOf } from '../domain/post.ts'
import type { Unsettled } from '../store/lifecycle-table.ts'
import type { Store } from '../store/store.ts'

export type Settlement = {
  readonly postId: Hex
  readonly epoch: number
  readonly salt: Hex
  /** The epoch's last: later it can't be settled any more. */
  readonly deadlineBlock: number
}
/** `publisher` is this node's own address as one. */
export type Concern = { readonly operators: readonly number[]; readonly publisher: Hex }

/** So many are found due at one head; no more could be begun at once anyway. */
const MAX_DUE = 256

/**
 * Only what changes something: a post that stays at its level and as safe or as much at risk as it was is left alone, as the level
 * stays by itself. Whoever attests a post settles it, and its publisher, one block after the other in the order of the attesters, so
 * that nodes don't pay for each other's races; it is found due at each head until the chain says that it is done.
 * @returns what this node is to settle in the block after `head`; of very much, a part.
 */
export function settlementsDue(store: Store, schedule: EpochSchedule, head: BlockRef, concern: Concern): Settlement[] {
  const record = store.challenges.latestEpoch()
  if (record === undefined) return []
  const next = head.number + 1
  const lastBlock = lastBlockOf(schedule, record.epoch)
  if (next <= record.closesAtBlock || next > lastBlock || store.lifecycle.isPausedAt(next)) return []
  const due: Settlement[] = []
  const vacant = store.operators.vacantIn(record.epoch)
  for (const post of store.lifecycle.unsettledIn(record.epoch, unpackParameters(record.parameters).custodyBps)) {
    const rank = rankOf(post, concern)
    if (rank === undefined || next < Math.min(record.closesAtBlock + 1 + rank, lastBlock)) continue
    if (isLeftAlone(post, vacant)) continue
    due.push({ postId: post.postId, epoch: record.epoch, salt: post.salt, deadlineBlock: lastBlock })
    if (due.length === MAX_DUE) break
  }
  return due
}

/** @returns how many others come first; undefined when the post is no business of this node. */
function rankOf(post: Unsettled, { operators, publisher }: Concern): number | undefined {
  const attesters = bitsOf(post.attesters)
  const rank = attesters.findIndex(each => operators.includes(each))
  if (rank >= 0) return rank
  return post.publisher === publisher ? attesters.length : undefined
}

/** At the last level a draw of vacant operators puts a post at risk only when no others are left. */
function isLeftAlone({ isUndrawnAtLastLevel, attesters }: Unsettled, vacant: bigint): boolean {
  return isUndrawnAtLastLevel && (attesters & ~vacant) !== 0n
}

/** @throws AppError TRANSACTION_FAILED when the chain would refuse it, as when another has settled it meanwhile. */
export async function settlePost(
  { postId, epoch, salt, deadlineBlock }: Settlement,
  custodyChallenges: Hex,
  deps: { readonly store: Store; readonly sender: Pick<TransactionSender, 'send'> },
): Promise<void> {
  const attempt = currentAttempt(deps.store.transactions, `settle:${postId}:${epoch}:${salt}`)
  if (attempt.state !== 'unsent' && attempt.state !== 'pending') return
  const data = encodeFunctionData({ abi: custodyChallengesAbi, functionName: 'settle', args: [postId, epoch] })
  await deps.sender.send({ key: attempt.key, to: custodyChallenges, data, deadlineBlock })
}
