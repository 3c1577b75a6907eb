/** The parts of a proof's latency, in the order in which they happen. */

import type { ProofTimings } from '@emerald/node-core/contract/shapes.ts'

export const TIMING_PARTS = [
  'deriveMs',
  'readMs',
  'foldMs',
  'openMs',
  'sendMs',
  'confirmMs',
] as const satisfies readonly (keyof ProofTimings)[]

/** Milliseconds of the whole answer; null where another node answered. */
export function totalMs(timings: ProofTimings | null): number | null {
  return timings === null ? null : TIMING_PARTS.reduce((sum, part) => sum + timings[part], 0)
}
