/** Whether a report of a miss pays what it costs: the reporter gets a share of the penalty, and pays the gas. */

import { custodyChallengesAbi, operatorStakeAbi } from '@emerald/contracts/abi.generated.ts'
import type { PublicClient } from 'viem'
import type { Hex } from '../base/hex.ts'
import type { Challenge } from '../domain/challenge.ts'
import { rethrowReadError } from './read-error.ts'

export type Penalty = {
  /** Of the operator, at the start of the epoch; both limits are shares of it. */
  readonly stakeAtStartWei: bigint
  /** What is left of it. */
  readonly stakeWei: bigint
  readonly slashedInEpochWei: bigint
  /** What reports that come before will take, if nothing limits them. */
  readonly beforeWei: bigint
  readonly penaltyBps: number
  readonly maxSlashBpsPerEpoch: number
  readonly reporterBps: number
}
export type ReportWorth = {
  readonly shareWei: bigint
  /** If none of those before came to anything. */
  readonly shareAloneWei: bigint
  readonly costWei: bigint
}

const BPS = 10_000n

/** As `OperatorStake.slash` has it, each step rounded down; see the protocol, section 7. */
export function reporterShareWei(of: Penalty): bigint {
  const penaltyWei = (of.stakeAtStartWei * BigInt(of.penaltyBps)) / BPS
  const mostWei = (of.stakeAtStartWei * BigInt(of.maxSlashBpsPerEpoch)) / BPS
  const leftWei = above(mostWei, of.slashedInEpochWei + of.beforeWei)
  const stakeWei = above(of.stakeWei, of.beforeWei)
  return (least(penaltyWei, leftWei, stakeWei) * BigInt(of.reporterBps)) / BPS
}

const above = (value: bigint, less: bigint): bigint => (value > less ? value - less : 0n)

const least = (...values: readonly [bigint, ...bigint[]]): bigint =>
  values.reduce((low, each) => (each < low ? each : low))

type Deps = {
  readonly client: PublicClient
  readonly custodyChallenges: Hex
  readonly operatorStake: Hex
  readonly slashedIn: (operator: number, epoch: number) => bigint
}

/**
 * @param before levels of the operator's misses whose reports come before this one.
 * @throws AppError TRANSACTION_FAILED {reason} when the contract would refuse the report · RPC_UNAVAILABLE
 */
export async function worthOfReport(
  { postId, epoch, operator, level }: Challenge,
  reporter: Hex,
  before: readonly number[],
  { client, custodyChallenges, operatorStake, slashedIn }: Deps,
): Promise<ReportWorth> {
  const stake = { address: operatorStake, abi: operatorStakeAbi } as const
  const args = [postId, epoch, operator] as const
  const [gas, gasPriceWei, stakeAtStartWei, stakeWei, terms] = await Promise.all([
    client.estimateContractGas({
      ...{ address: custodyChallenges, abi: custodyChallengesAbi, functionName: 'reportMissed', args },
      account: reporter,
    }),
    client.getGasPrice(),
    client.readContract({ ...stake, functionName: 'stakeAt', args: [operator, epoch] }),
    client.readContract({ ...stake, functionName: 'stakeOf', args: [operator] }),
    client.readContract({ ...stake, functionName: 'stakeParametersAt', args: [epoch] }),
  ]).catch(rethrowReadError)
  const penaltyBpsOf = (each: number): number => terms.penaltyBps[each] ?? 0
  const beforeBps = before.reduce((sum, each) => sum + penaltyBpsOf(each), 0)
  const beforeWei = (stakeAtStartWei * BigInt(beforeBps)) / BPS
  const slashedInEpochWei = slashedIn(operator, epoch)
  const penalty = { ...terms, stakeAtStartWei, stakeWei, slashedInEpochWei, penaltyBps: penaltyBpsOf(level) }
  return {
    shareWei: reporterShareWei({ ...penalty, beforeWei }),
    shareAloneWei: reporterShareWei({ ...penalty, beforeWei: 0n }),
    costWei: gas * gasPriceWei,
  }
}
