/** When a head is so old that the chain, or the way to it, must have stopped. */

/** Some blocks are late, and a node under load sees them later: guesses. */
const STALE_BLOCKS = 10
const MIN_STALE_MS = 20_000

export const isStaleHead = (headAgeMs: number, blockMs: number): boolean =>
  headAgeMs > Math.max(STALE_BLOCKS * blockMs, MIN_STALE_MS)
