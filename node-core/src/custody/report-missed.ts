/** Reports other operators' missed challenges while the window for it is open. */

import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeFunctionData } from 'viem'
import type { Hex } from '../base/hex.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import { type Challenge, challengeIdOf } from '../domain/challenge.ts'
import { unpackParameters } from '../domain/custody-parameters.ts'
import type { Store } from '../store/store.ts'

/** @returns the challenges of others whose miss can be reported in the block after `head`. */
export function missesDue(store: Store, head: BlockRef, isOwn: (operator: number) => boolean): Challenge[] {
  const epoch = store.challenges.latestEpoch()
  if (epoch === undefined) return []
  const next = head.number + 1
  const closesAt = epoch.closesAtBlock + unpackParameters(epoch.parameters).reportWindowBlocks
  if (next <= epoch.closesAtBlock || next > closesAt) return []
  return store.challenges
    .unanswered({ from: epoch.closesAtBlock, to: epoch.closesAtBlock + 1 })
    .filter(challenge => !isOwn(challenge.operator))
}

export async function reportMissed(
  challenge: Challenge,
  custodyChallenges: Hex,
  sender: Pick<TransactionSender, 'send'>,
): Promise<void> {
  const args = [challenge.postId, challenge.epoch, challenge.operator] as const
  const data = encodeFunctionData({ abi: custodyChallengesAbi, functionName: 'reportMissed', args })
  await sender.send({ key: `report:${challengeIdOf(challenge)}:${challenge.salt}`, to: custodyChallenges, data })
}
