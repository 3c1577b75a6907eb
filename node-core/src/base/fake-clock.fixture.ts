/** Time that stands still until a test moves it. */

import type { Clock } from './clock.ts'

export type FakeClock = Clock & {
  /** Wakes whoever slept long enough by then. */
  advance(ms: number): void
  /** As somebody does with the machine's clock: no time passes by it. */
  setBack(ms: number): void
  readonly sleeping: () => number
}

export function createFakeClock(startMs = 1_800_000_000_000): FakeClock {
  let nowMs = startMs
  let setBackMs = 0
  const sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>()
  return {
    now: () => nowMs - setBackMs,
    elapsedMs: () => nowMs,
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const sleeper = { untilMs: nowMs + ms, wake: resolve }
      sleepers.add(sleeper)
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
      await promise.finally(() => sleepers.delete(sleeper))
    },
    advance(ms) {
      nowMs += ms
      for (const sleeper of sleepers) if (sleeper.untilMs <= nowMs) sleeper.wake()
    },
    setBack(ms) {
      setBackMs += ms
    },
    sleeping: () => sleepers.size,
  }
}
