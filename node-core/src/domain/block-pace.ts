/** How fast blocks come. */

import type { BlockRef } from './block-ref.ts'

/** @param blocks oldest first, each the parent of the next. @returns the mean, or undefined for fewer than two blocks. */
export function secondsPerBlock(blocks: readonly Pick<BlockRef, 'number' | 'timestamp'>[]): number | undefined {
  const [first, last] = [blocks[0], blocks.at(-1)]
  if (first === undefined || last === undefined || last.number <= first.number) return undefined
  return (last.timestamp - first.timestamp) / (last.number - first.number)
}

/** Enough for a steady mean, few enough to follow a change of pace. */
export const PACE_BLOCKS = 32
