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
 * Nothing is due while the protocol is paused, nor for a post that was at risk before: its operators lose nothing any more.
 * @returns the challenges of others whose miss can be reported in the block after `head`.
 */
export function missesDue(
  store: Store,
  schedule: EpochSchedule,
  head: BlockRef,
  isOwn: (operator: number) => boolean,
): Challenge[] {
  const epoch = store.challenges.latestEpoch()
  if (epoch === undefined) return []
  const next = head.number + 1
  const closesAt = reportsCloseAt(epoch, schedule)
  if (next <= epoch.closesAtBlock || next > closesAt || store.lifecycle.isPausedAt(next)) return []
  return store.challenges
    .unanswered(epoch.epoch)
    .filter(challenge => !isOwn(challenge.operator) && !hasLostAll(store, challenge))
}

/** The last block that takes a report. */
export const reportsCloseAt = (
  { epoch, reportsCloseAtBlock }: Pick<EpochRecord, 'epoch' | 'reportsCloseAtBlock'>,
  schedule: EpochSchedule,
): number => Math.min(reportsCloseAtBlock, lastBlockOf(schedule, epoch))

const hasLostAll = (store: Store, { postId, epoch, level }: Challenge): boolean =>
  level === LAST_LEVEL && store.posts.beganAtRisk(postId, epoch)

export async function reportMissed(
  challenge: Challenge,
  deadlineBlock: number | undefined,
  custodyChallenges: Hex,
  sender: Pick<TransactionSender, 'send'>,
): Promise<void> {
  const args = [challenge.postId, challenge.epoch, challenge.operator] as const
  const data = encodeFunctionData({ abi: custodyChallengesAbi, functionName: 'reportMissed', args })
  const key = `report:${challengeIdOf(challenge)}:${challenge.salt}`
  await sender.send({ key, to: custodyChallenges, data, deadlineBlock })
}
