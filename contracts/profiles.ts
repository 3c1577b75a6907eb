// The parameters that each kind of chain is deployed with; docs/decisions/0003-parameters.md has the reasons.
import type { CustodyParameters, EpochLengths } from './parameters.ts'

export type DeploymentProfile = {
  readonly epochs: EpochLengths
  readonly parameters: CustodyParameters
  readonly secondsPerBlock: number
  /** Of the timelock. */
  readonly delaySeconds: bigint
}

/** Epochs of the demonstration chain, for one block a second: an epoch lasts 24 s. In blocks. */
export const demoEpochs: EpochLengths = { length: 24n, delta: 2n, finality: 1n, finalizeBy: 5n }

/** Parameters of the demonstration chain, for one block a second. Each field's unit and bounds: `CustodyParameters`. */
export const demoParameters: CustodyParameters = {
  window: 10,
  maxPause: 2,
  reportWindow: 5,
  period: 1,
  operatorsAtLevel: [64, 64, 64],
  blobsAtLevel: [4, 16, 64],
  precompileGasCap: 110_000,
  custodyBps: 10_000,
  quorumBps: 6_000,
  relayGrace: 20,
  maxStakeAge: 2,
  attestationDeadline: 100,
  maxTermEpochs: 100_000,
  minStake: 1_000_000_000_000_000_000n,
  unbonding: 120,
  margin: 8,
  slasherDelay: 8,
  penaltyBps: [500, 1_000, 2_000],
  maxSlashBpsPerEpoch: 5_000,
  reporterBps: 500,
  ejectAfterMissedEpochs: 3,
  ejectWithinEpochs: 8,
}

const demo: DeploymentProfile = {
  epochs: demoEpochs,
  parameters: demoParameters,
  secondsPerBlock: 1,
  delaySeconds: 180n,
}

/** An epoch is a day of blocks of 12 seconds. */
export const publicEpochs: EpochLengths = { length: 7_200n, delta: 32n, finality: 64n, finalizeBy: 2_000n }

export const publicParameters: CustodyParameters = {
  window: 1_800,
  maxPause: 1_200,
  reportWindow: 1_200,
  period: 7,
  operatorsAtLevel: [4, 8, 16],
  blobsAtLevel: [4, 16, 64],
  precompileGasCap: 110_000,
  custodyBps: 7_500,
  quorumBps: 6_667,
  relayGrace: 50,
  maxStakeAge: 2,
  attestationDeadline: 14_400,
  maxTermEpochs: 730,
  minStake: 10_000_000_000_000_000_000n,
  unbonding: 100_800,
  margin: 7_200,
  slasherDelay: 50_400,
  penaltyBps: [100, 300, 1_000],
  maxSlashBpsPerEpoch: 2_000,
  reporterBps: 1_000,
  ejectAfterMissedEpochs: 4,
  ejectWithinEpochs: 28,
}

export const deploymentProfiles = {
  demo,
  anvil: demo,
  public: { epochs: publicEpochs, parameters: publicParameters, secondsPerBlock: 12, delaySeconds: 1_814_400n },
} as const satisfies Record<string, DeploymentProfile>

export type DeploymentProfileName = keyof typeof deploymentProfiles
