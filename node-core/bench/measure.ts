/** Times two ways of doing the same in turns, so that noise of the machine hits both alike. */

export type Compared = { readonly oursMs: number; readonly baselineMs: number; readonly ratio: number }

/**
 * One untimed turn of each comes first.
 * @returns medians in milliseconds; `ratio` is ours / baseline, the median over the turns.
 */
export async function compare(
  turns: number,
  ours: () => Promise<unknown>,
  baseline: () => Promise<unknown>,
): Promise<Compared> {
  await ours()
  await baseline()
  const pairs: { oursMs: number; baselineMs: number }[] = []
  for (let turn = 0; turn < turns; turn += 1)
    pairs.push({ oursMs: await timed(ours), baselineMs: await timed(baseline) })
  return {
    oursMs: median(pairs.map(pair => pair.oursMs)),
    baselineMs: median(pairs.map(pair => pair.baselineMs)),
    ratio: median(pairs.map(pair => pair.oursMs / pair.baselineMs)),
  }
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await action()
  return performance.now() - startedAt
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2
}
