// Where the contracts stand on each chain.
import type { Address } from 'viem'

/** A set of contracts that belong together; every address is the one to call (the proxy, where there is one). */
export type Deployment = {
  readonly chainId: number
  /** No event of these contracts stands in an earlier block. */
  readonly startBlock: bigint
  /** What the timelock's delay was reckoned with. */
  readonly secondsPerBlock: number
  /** Sent the transactions; holds no role. */
  readonly deployer: Address
  /** Schedules and executes what governance does. */
  readonly multisig: Address
  /** Holds ADMIN. */
  readonly timelock: Address
  readonly accessManager: Address
  readonly postRegistry: Address
  readonly attestationRelay: Address
  readonly quorum: Address
  readonly seedBeacon: Address
  readonly custodyChallenges: Address
  readonly operatorStake: Address
  /** Code that the contracts share, by name. */
  readonly libraries: Readonly<Record<string, Address>>
}

/** Known deployments by chain id. */
export const deployments: Readonly<Record<number, Deployment>> = {}
