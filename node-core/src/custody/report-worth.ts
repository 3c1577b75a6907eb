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
  readonly penaltyBps: number
  readonly maxSlashBpsPerEpoch: number
  readonly reporterBps: number
}
export type ReportWorth = { readonly shareWei: bigint; readonly costWei: bigint }

const BPS = 10_000n

/** As `OperatorStake.slash` has it, each step rounded down; see the protocol, section 7. */
export function reporterShareWei(of: Penalty): bigint {
  const penaltyWei = (of.stakeAtStartWei * BigInt(of.penaltyBps)) / BPS
  const mostWei = (of.stakeAtStartWei * BigInt(of.maxSlashBpsPerEpoch)) / BPS
  const leftWei = mostWei > of.slashedInEpochWei ? mostWei - of.slashedInEpochWei : 0n
  return (least(penaltyWei, leftWei, of.stakeWei) * BigInt(of.reporterBps)) / BPS
}

const least = (...values: readonly [bigint, ...bigint[]]): bigint =>
  values.reduce((low, each) => (each < low ? each : low))

type Deps = {
  readonly client: PublicClient
  readonly custodyChallenges: Hex
  readonly operatorStake: Hex
  readonly slashedIn: (operator: number, epoch: number) => bigint
}

/** @throws AppError TRANSACTION_FAILED {reason} when the contract would refuse the report · RPC_UNAVAILABLE */
export async function worthOfReport(
  { postId, epoch, operator, level }: Challenge,
  reporter: Hex,
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
  const penaltyBps = terms.penaltyBps[level] ?? 0
  const slashedInEpochWei = slashedIn(operator, epoch)
  const shareWei = reporterShareWei({ ...terms, stakeAtStartWei, stakeWei, slashedInEpochWei, penaltyBps })
  return { shareWei, costWei: gas * gasPriceWei }
}
