// Who governs a deployment, and the delay that keeps governance from overtaking those who want to leave.
import type { Address } from 'viem'
import type { CustodyParameters, EpochLengths } from './parameters.ts'

export type Governance = {
  /** A Safe that exists, or the owners of a multisig that is deployed with the rest: two of them act. */
  readonly multisig: Address | readonly [Address, Address, Address]
  /** Pauses, and cancels what waits in the timelock; nothing else. */
  readonly guardian: Address
  /** Between scheduling and executing anything. */
  readonly delaySeconds: bigint
  /** Of the chain, on average. */
  readonly secondsPerBlock: number
}

/** Chains whose multisigs, keys and value nobody depends on. */
export const LOCAL_CHAIN_IDS: readonly number[] = [31_337, 1_337]

/** Chains with Ethereum's blocks: numbers, hashes and prevRandao mean there what the beacon takes them for. */
export const KNOWN_CHAIN_IDS: readonly number[] = [1, 11_155_111, 560_048, 17_000, ...LOCAL_CHAIN_IDS]

/**
 * Unbonding counts blocks that were not paused, and the guardian can pause `maxPause` blocks of every epoch: who announces
 * an exit when an operation is scheduled must have its stake before the operation can be executed. At worst the exit is
 * announced as the pause of an epoch begins, and each full epoch that unbonding takes begins with one; one more comes
 * before the stake can be withdrawn, also when unbonding is over just as that epoch begins.
 */
export function leastDelaySeconds(
  { unbonding, maxPause }: Pick<CustodyParameters, 'unbonding' | 'maxPause'>,
  { length }: Pick<EpochLengths, 'length'>,
  secondsPerBlock: number,
): bigint {
  const unpausedPerEpoch = Number(length) - maxPause
  if (unpausedPerEpoch <= 0) throw new RangeError(`a pause of ${maxPause} blocks fills an epoch of ${length}`)
  const paused = (Math.floor(unbonding / unpausedPerEpoch) + 2) * maxPause
  return BigInt(Math.ceil((unbonding + paused) * secondsPerBlock))
}
