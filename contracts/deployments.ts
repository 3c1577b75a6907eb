// Where the contracts stand on each chain, and the parameters that the demonstration chain is deployed with.
import type { Address } from 'viem'
import type { CustodyParameters, EpochLengths } from './parameters.ts'

/** A set of contracts that belong together; every address is the one to call (the proxy, where there is one). */
export type Deployment = {
  readonly chainId: number
  /** No event of these contracts stands in an earlier block. */
  readonly startBlock: bigint
  readonly accessManager: Address
  readonly postRegistry: Address
  readonly attestationRelay: Address
  readonly quorum: Address
  readonly seedBeacon: Address
  readonly custodyChallenges: Address
  readonly operatorStake: Address
}

/** Known deployments by chain id. */
export const deployments: Readonly<Record<number, Deployment>> = {}

/** Epochs of the demonstration chain, for one block a second: an epoch lasts 24 s. In blocks. */
export const demoEpochs: EpochLengths = { length: 24n, delta: 2n, finality: 1n, finalizeBy: 5n }

/** Parameters of the demonstration chain, for one block a second. Each field's unit and bounds: `CustodyParameters`. */
export const demoParameters: CustodyParameters = {
  window: 10,
  maxPause: 2,
  reportWindow: 5,
  period: 1,
  operatorsAtLevel: [64, 64, 64],
  blobsAtLevel: [1, 1, 1],
  precompileGasCap: 110_000,
  quorumBps: 6_000,
  relayGrace: 20,
  maxStakeAge: 2,
  attestationDeadline: 100,
  maxTermEpochs: 100_000,
  minStake: 1_000_000_000_000_000_000n,
  penaltyBps: [500, 1_000, 2_000],
  maxSlashBpsPerEpoch: 5_000,
  reporterBps: 500,
}
