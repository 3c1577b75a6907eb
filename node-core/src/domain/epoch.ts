/** Epochs: stretches of L blocks, each with one seed; pure arithmetic from five numbers fixed at deployment. */

/** All in blocks. `seedOffset` is the protocol's Δ. */
export type EpochSchedule = {
  readonly firstBlock: number
  readonly length: number
  readonly seedOffset: number
  readonly finality: number
  readonly finaliseWithin: number
}

/** Before the first epoch everything counts as epoch 0. */
export const epochAt = (schedule: EpochSchedule, block: number): number =>
  block < schedule.firstBlock ? 0 : Math.floor((block - schedule.firstBlock) / schedule.length)

export const firstBlockOf = (schedule: EpochSchedule, epoch: number): number =>
  schedule.firstBlock + epoch * schedule.length

export const lastBlockOf = (schedule: EpochSchedule, epoch: number): number => firstBlockOf(schedule, epoch + 1) - 1

export const seedBlockOf = (schedule: EpochSchedule, epoch: number): number =>
  firstBlockOf(schedule, epoch) + schedule.seedOffset

/** The blocks in which a seed may be finalised, both ends included. */
export function finaliseWindow(schedule: EpochSchedule, epoch: number): { from: number; to: number } {
  const seedBlock = seedBlockOf(schedule, epoch)
  return { from: seedBlock + schedule.finality, to: seedBlock + schedule.finaliseWithin }
}
