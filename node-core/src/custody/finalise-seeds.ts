/** Finalises the seed of the running epoch when its time has come and nobody else has. */

import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeFunctionData } from 'viem'
import type { Hex } from '../base/hex.ts'
import type { ChainSource } from '../chain/chain-source.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import { type EpochSchedule, epochAt, finaliseWindow, seedBlockOf } from '../domain/epoch.ts'

export type FinaliseDeps = {
  readonly source: Pick<ChainSource, 'blockByNumber' | 'headerOf'>
  readonly sender: Pick<TransactionSender, 'send'>
  readonly custodyChallenges: Hex
}

/**
 * @param rank how many others come first; each waits one block longer, so that nodes don't pay for each other's races.
 * @returns the epoch whose seed is to be finalised in the block after `head`, if any.
 */
export function seedDue(
  schedule: EpochSchedule,
  head: BlockRef,
  rank: number,
  isKnown: (epoch: number) => boolean,
): number | undefined {
  if (head.number < schedule.firstBlock) return undefined
  const epoch = epochAt(schedule, head.number)
  const window = finaliseWindow(schedule, epoch)
  const next = head.number + 1
  const startsAt = Math.min(window.from + rank, window.to)
  return next >= startsAt && next <= window.to && !isKnown(epoch) ? epoch : undefined
}

/** The key holds the seed block's hash: after a reorg of that block another header must be shown. */
export async function finaliseSeed(epoch: number, schedule: EpochSchedule, deps: FinaliseDeps): Promise<void> {
  const seedBlock = await deps.source.blockByNumber(seedBlockOf(schedule, epoch))
  if (seedBlock === undefined) return
  const header = await deps.source.headerOf(seedBlock.hash)
  if (header === undefined) return // it was just replaced
  const args = [epoch, header.rlp] as const
  const data = encodeFunctionData({ abi: custodyChallengesAbi, functionName: 'finaliseSeed', args })
  const key = `finalise:${epoch}:${seedBlock.hash}`
  const deadlineBlock = finaliseWindow(schedule, epoch).to
  await deps.sender.send({ key, to: deps.custodyChallenges, data, deadlineBlock })
}
