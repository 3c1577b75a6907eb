/** Waits for a condition with the system's clock; a test never sleeps. */

import { systemClock } from '../../src/base/clock.ts'
import { waitFor } from '../../src/devnet/wait-for.ts'

export function until<T>(
  waitingFor: string,
  look: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  timeoutMs = 60_000,
): Promise<T> {
  return waitFor(waitingFor, look, { timeoutMs, clock: systemClock, everyMs: 50 })
}
