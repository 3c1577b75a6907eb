/** Reports other operators' missed challenges while the window for it is open. */

import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeFunctionData } from 'viem'
import type { Hex } from '../base/hex.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import { type Challenge, challengeIdOf } from '../domain/challenge.ts'
import { LAST_LEVEL } from '../domain/custody-parameters.ts'
import { type EpochSchedule, lastBlockOf } from '../domain/epoch.ts'
import type { EpochRecord } from '../store/challenges-table.ts'
import type { Store } from '../store/store.ts'

/**
 * Operators report in turns, one block after the other, so that they don't pay for each other's races; whose turn comes first goes
 * round with the epochs.
 * @param own operators of this node. @param all that could report. @returns how many others come first.
 */
export function turnOf(own: readonly number[], all: readonly number[], epoch: number): number {
  const turns = own.map(each => all.indexOf(each)).filter(at => at >= 0)
  return turns.length === 0 ? 0 : Math.min(...turns.map(at => (at + epoch) % all.length))
}

/**
 * Nothing is due while the protocol is paused, nor for a post that was at risk before: its operators lose nothing any more.
 * @param own operators of this node. @returns the challenges of others whose miss it is to report in the block after `head`.
 */
export function missesDue(store: Store, schedule: EpochSchedule, head: BlockRef, own: readonly number[]): Challenge[] {
  const epoch = store.challenges.latestEpoch()
  if (epoch === undefined) return []
  const next = head.number + 1
  const closesAt = reportsCloseAt(epoch, schedule)
  if (next <= epoch.closesAtBlock || next > closesAt || store.lifecycle.isPausedAt(next)) return []
  const all = store.operators.identities().flatMap(each => (each.exit === null ? [each.index] : []))
  const firstBlock = epoch.closesAtBlock + 1
  // Whose turn would be too late has two blocks all the same.
  const turnsAt = Math.min(firstBlock + turnOf(own, all, epoch.epoch), Math.max(firstBlock, closesAt - 1))
  if (next < turnsAt) return []
  return store.challenges
    .unanswered(epoch.epoch)
    .filter(challenge => !own.includes(challenge.operator) && !hasLostAll(store, challenge))
}

/** The last block that takes a report. */
export const reportsCloseAt = (
  { epoch, reportsCloseAtBlock }: Pick<EpochRecord, 'epoch' | 'reportsCloseAtBlock'>,
  schedule: EpochSchedule,
): number => Math.min(reportsCloseAtBlock, lastBlockOf(schedule, epoch))

const hasLostAll = (store: Store, { postId, epoch, level }: Challenge): boolean =>
  level === LAST_LEVEL && store.posts.beganAtRisk(postId, epoch)

/** The name of its transaction. */
export const reportKeyOf = (challenge: Challenge): string => `report:${challengeIdOf(challenge)}:${challenge.salt}`

export async function reportMissed(
  challenge: Challenge,
  deadlineBlock: number | undefined,
  custodyChallenges: Hex,
  sender: Pick<TransactionSender, 'send'>,
): Promise<void> {
  const args = [challenge.postId, challenge.epoch, challenge.operator] as const
  const data = encodeFunctionData({ abi: custodyChallengesAbi, functionName: 'reportMissed', args })
  await sender.send({ key: reportKeyOf(challenge), to: custodyChallenges, data, deadlineBlock })
}
