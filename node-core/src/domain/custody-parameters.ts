/** The protocol's parameters as an epoch froze them; one word on chain, this record here. */

/** One value for each challenge level 0, 1, 2. */
export type PerLevel = readonly [number, number, number]

export type FrozenParameters = {
  /** Blocks in which to prove, after the last block in which the seed could be finalised. */
  readonly windowBlocks: number
  readonly maxPauseBlocks: number
  /** Blocks after the deadline in which misses can be reported. */
  readonly reportWindowBlocks: number
  /** A post at level 0 is challenged in one of so many epochs on average. */
  readonly period: number
  readonly operatorsAtLevel: PerLevel
  readonly blobsAtLevel: PerLevel
  readonly precompileGasCap: number
  /** A post whose operators proved less than this share of their challenges, in 1/10,000, escalates. */
  readonly custodyBps: number
}

/** Levels of challenges; a post that fails at the last is at risk. */
export type Level = 0 | 1 | 2
export const LAST_LEVEL = 2

/** @throws RangeError for what is no level. */
export function toLevel(value: number): Level {
  if (value === 0 || value === 1 || value === 2) return value
  throw new RangeError(`${value} is no level`)
}

/** @param word layout as documented at the event `SeedFinalised`. */
export function unpackParameters(word: bigint): FrozenParameters {
  const bits = (from: number, width: number): number => Number((word >> BigInt(from)) & ((1n << BigInt(width)) - 1n))
  const perLevel = (from: number): PerLevel => [bits(from, 8), bits(from + 8, 8), bits(from + 16, 8)]
  return {
    windowBlocks: bits(32, 20),
    maxPauseBlocks: bits(52, 20),
    period: bits(128, 16),
    operatorsAtLevel: perLevel(144),
    blobsAtLevel: perLevel(168),
    precompileGasCap: bits(192, 24),
    reportWindowBlocks: bits(216, 24),
    custodyBps: bits(240, 16),
  }
}
