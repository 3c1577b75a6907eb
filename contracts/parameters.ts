// The numbers that a deployment of the custody protocol starts with: units, bounds, who they belong to.

/** How long epochs last, in blocks. `delta + finalizeBy + window + maxPause + reportWindow <= length` must hold. */
export type EpochLengths = {
  /** Blocks in an epoch (L). */
  readonly length: bigint
  /** From the start of an epoch to its seed block. */
  readonly delta: bigint
  /** From the seed block until the seed can be finalised; at least 1. */
  readonly finality: bigint
  /** From the seed block until the seed can no longer be finalised; at most 8,191. */
  readonly finalizeBy: bigint
}

/** Where epochs start and how long they last. */
export type EpochSchedule = EpochLengths & {
  /** First block of epoch 0. Operators who join before it count from epoch 0 on, so choose it a few blocks ahead. */
  readonly b0: bigint
}

/** One value for each challenge level 0, 1, 2. */
export type PerLevel = readonly [number, number, number]

/** All parameters of the protocol that governance can change, as they are at the start. */
export type CustodyParameters = {
  /** Blocks in which to prove, from the last block in which the seed can be finalised. */
  readonly window: number
  /** Blocks by which a pause can move a deadline. */
  readonly maxPause: number
  /** Blocks after the deadline in which misses can be reported; at least 1. */
  readonly reportWindow: number
  /** A post at level 0 is challenged in one of so many epochs on average; 1 = in each. */
  readonly period: number
  /** Most operators challenged for a post, 1 to 64. */
  readonly operatorsAtLevel: PerLevel
  /** Most blobs that an operator must open, 1 to 64. */
  readonly blobsAtLevel: PerLevel
  /** Gas given to the point evaluation precompile; at least 50,000. */
  readonly precompileGasCap: number
  /** A post whose operators proved less than this share of their challenges, in 1/10,000, escalates; at least 1. */
  readonly custodyBps: number
  /** Share of the stake in 1/10,000 that makes a quorum; more than 5,000. */
  readonly quorumBps: number
  /** Blocks after a registration, and after an attestation deadline, in which only relays may act; at most 7,200. */
  readonly relayGrace: number
  /** Epochs by which the stake that a quorum counts may lie back. */
  readonly maxStakeAge: number
  /** Blocks from registration in which a quorum must be reached; 1 to 216,000. */
  readonly attestationDeadline: number
  /** Longest term of a post, in epochs; 1 to 10,000,000. */
  readonly maxTermEpochs: number
  /** Least deposit to join, in wei; at least 1. */
  readonly minStake: bigint
  /**
   * Blocks from the announcement of an exit until its stake can be withdrawn, paused ones not counted; at most
   * 5,256,000. `4 * EpochLengths.length + slasherDelay <= unbonding - margin` must hold.
   */
  readonly unbonding: number
  /** Blocks of `unbonding` that are kept free; at least 1. */
  readonly margin: number
  /** Blocks that slashers elsewhere need from a signal to their own slashing. */
  readonly slasherDelay: number
  /** Part of the stake that a miss costs, in 1/10,000. */
  readonly penaltyBps: PerLevel
  /** Most that the misses of an epoch can cost, in 1/10,000 of the stake. */
  readonly maxSlashBpsPerEpoch: number
  /** Part of a slashed amount that goes to its reporter, in 1/10,000; at most 1,000. */
  readonly reporterBps: number
  /** Epochs with a miss that eject an operator; 1 to `ejectWithinEpochs`. */
  readonly ejectAfterMissedEpochs: number
  /** Epochs, up to and with that of the last miss, in which they are counted; 1 to 64. */
  readonly ejectWithinEpochs: number
}
