/** Waits until something is so, looking again and again; for scenarios and tests, where a condition is all there is. */

import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'

/**
 * @returns what `look` gives first that is neither undefined, null nor false.
 * @throws AppError TIMEOUT {waitingFor} · the signal's reason
 */
export async function waitFor<T>(
  waitingFor: string,
  look: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  options: {
    readonly timeoutMs: number
    readonly clock: Clock
    readonly everyMs?: number
    readonly signal?: AbortSignal
  },
): Promise<T> {
  const until = options.clock.elapsedMs() + options.timeoutMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== null && found !== false) return found
    if (options.clock.elapsedMs() > until) throw new AppError('TIMEOUT', { waitingFor, timeoutMs: options.timeoutMs })
    await options.clock.sleep(options.everyMs ?? 50, options.signal)
  }
}
