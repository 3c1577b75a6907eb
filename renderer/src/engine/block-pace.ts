/** Measures how fast blocks come, from the heads this window has seen, to put countdowns into seconds. */

export type HeadSample = { readonly number: number; readonly atMs: number }

/** Enough for a steady mean, few enough to follow a change of pace. */
const MAX_SAMPLES = 30

/** Heads in rising order; a head that is not higher than the last one starts anew (a reorganisation or a reset). */
export function addHead(samples: readonly HeadSample[], head: HeadSample): readonly HeadSample[] {
  const last = samples.at(-1)
  if (last?.number === head.number) return samples
  if (last && (head.number < last.number || head.atMs < last.atMs)) return [head]
  return [...samples.slice(1 - MAX_SAMPLES), head]
}

/** Mean seconds a block, or null while there is nothing to measure. */
export function secondsPerBlock(samples: readonly HeadSample[]): number | null {
  const first = samples[0]
  const last = samples.at(-1)
  if (!first || !last || last.number === first.number) return null
  return (last.atMs - first.atMs) / 1_000 / (last.number - first.number)
}
