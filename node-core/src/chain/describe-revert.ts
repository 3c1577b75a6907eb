/** Says in words what a contract of ours reverted with. */

import {
  accessManagerAbi,
  attestationRelayAbi,
  custodyChallengesAbi,
  eip712QuorumAbi,
  operatorStakeAbi,
  postRegistryAbi,
  seedBeaconAbi,
} from '@emerald/contracts/abi.generated.ts'
import { decodeErrorResult, type Hex } from 'viem'

const ERRORS = [
  accessManagerAbi,
  attestationRelayAbi,
  custodyChallengesAbi,
  eip712QuorumAbi,
  operatorStakeAbi,
  postRegistryAbi,
  seedBeaconAbi,
]
  .flat()
  .filter(item => item.type === 'error')

/** @returns the error's name and values, or undefined for data that no contract of ours reverts with. */
export function describeRevert(data: Hex): string | undefined {
  try {
    const { errorName, args } = decodeErrorResult({ abi: ERRORS, data })
    return `${errorName}(${(args ?? []).map(showValue).join(', ')})`
  } catch {
    return undefined
  }
}

const showValue = (value: unknown): string =>
  typeof value === 'object'
    ? JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? each.toString() : each))
    : String(value)
