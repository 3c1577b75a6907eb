/**
 * Which endpoints can be believed about the newest block, when they don't agree: a head that only one has seen is not believed while
 * others agree on another chain at the same number.
 */

import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'

export type HeadSeen = {
  readonly head: Pick<BlockRef, 'number' | 'hash'>
  /** When this endpoint's head last went up. */
  readonly movedAtMs: number
  /** Its block at the number that all are compared at; undefined when it did not say. */
  readonly commonHash: Hex | undefined
}

/** `behind`: too far below the best. `disputed`: others agree on something else. */
export type HeadVerdict = 'good' | 'behind' | 'disputed'

/** Enough to agree with each other against one. */
const QUORUM_OF = 3
/** Some blocks' time on the slowest chains: a head that stood so long is stuck, and speaks against nobody who is ahead. */
const STALLED_MS = 60_000

/** @returns the number at which all that are not far behind have a block, to compare hashes at; undefined when too few are there to compare. */
export function commonNumber(heads: readonly Pick<HeadSeen, 'head'>[], maxLagBlocks: number): number | undefined {
  if (heads.length < QUORUM_OF) return undefined
  const numbers = heads.map(each => each.head.number)
  return Math.min(...numbers.filter(number => number >= witnessed(numbers) - maxLagBlocks))
}

/** @returns a verdict for each, in the same order. */
export function judgeHeads(heads: readonly HeadSeen[], maxLagBlocks: number, nowMs: number): HeadVerdict[] {
  const disputed = findDisputed(heads, maxLagBlocks, nowMs)
  const best = Math.max(...heads.filter(each => !disputed.has(each)).map(each => each.head.number))
  return heads.map(each => {
    if (disputed.has(each)) return 'disputed'
    return each.head.number < best - maxLagBlocks ? 'behind' : 'good'
  })
}

/** The highest number that two have reached. */
const witnessed = (numbers: readonly number[]): number => numbers.toSorted((a, b) => b - a)[1] ?? 0

function findDisputed(heads: readonly HeadSeen[], maxLagBlocks: number, nowMs: number): ReadonlySet<HeadSeen> {
  const common = commonNumber(heads, maxLagBlocks)
  if (common === undefined) return new Set()
  const comparable = heads.filter(each => each.head.number >= common)
  const said = comparable.filter(each => each.commonHash !== undefined)
  const [largest = [], second = []] = [...Map.groupBy(said, each => each.commonHash).values()].toSorted(
    (a, b) => b.length - a.length,
  )
  if (largest.length < 2 || largest.length === second.length) return new Set()
  const top = witnessed(heads.map(each => each.head.number))
  const moving = largest.filter(each => nowMs - each.movedAtMs < STALLED_MS)
  const isFarAheadAlone = (each: HeadSeen): boolean =>
    each.head.number > top + maxLagBlocks && moving.filter(other => other !== each).length >= 2
  return new Set(comparable.filter(each => !largest.includes(each) || isFarAheadAlone(each)))
}
