/** So much of each at the same time: beside a rate, it bounds what is slow to end. */

import { AppError } from '../base/app-error.ts'

/** A guess: what is under way has ended by then. */
const RETRY_AFTER_MS = 1_000

export function capEach<K>(max: number) {
  /** Only of those that have something under way. */
  const counts = new Map<K, number>()

  function change(key: K, by: 1 | -1): void {
    const count = (counts.get(key) ?? 0) + by
    if (count === 0) counts.delete(key)
    else counts.set(key, count)
  }

  return {
    /** @throws AppError RATE_LIMITED {retryAfterMs}; or what `work` throws. */
    async run<T>(key: K, work: () => Promise<T>): Promise<T> {
      if ((counts.get(key) ?? 0) >= max) throw new AppError('RATE_LIMITED', { retryAfterMs: RETRY_AFTER_MS })
      change(key, 1)
      try {
        return await work()
      } finally {
        change(key, -1)
      }
    },
  }
}
