/** Decides whether the chain has been silent for too long. */

type Facts = {
  readonly nowMs: number
  /** When the newest block was first seen, or the node started. */
  readonly seenAtMs: number
  /** Undefined while that is not known. */
  readonly secondsPerBlock: number | undefined
}

/** A guess: no endpoint is away so long for a restart. */
const LEAST_SILENCE_MS = 60_000
/** A guess: proof of stake leaves out a block now and then, but not so many. */
const SILENT_BLOCKS = 10

export function isHeadStale({ nowMs, seenAtMs, secondsPerBlock = 0 }: Facts): boolean {
  return nowMs - seenAtMs > Math.max(LEAST_SILENCE_MS, SILENT_BLOCKS * secondsPerBlock * 1_000)
}
