/** How long to wait before another attempt. */

export type BackoffOptions = {
  readonly baseMs: number
  readonly maxMs: number
  /** In [0, 1); tests hold it still. */
  readonly random?: () => number
}

/**
 * Exponential, with the upper half left to chance so that many nodes don't come back at the same time.
 * @param failures how many attempts failed so far, from 1.
 */
export function backoffMs(failures: number, { baseMs, maxMs, random = Math.random }: BackoffOptions): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(failures - 1, 30))
  return Math.round(ceiling / 2 + (ceiling / 2) * random())
}
