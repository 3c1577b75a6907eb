/** Time as a port, so that tests can hold it still. */

import { setTimeout as delay } from 'node:timers/promises'

export type Clock = {
  /** Milliseconds since the unix epoch. */
  now(): number
  /** Milliseconds since some moment; only goes forward, whatever is done to the machine's clock: for how long something takes or waits. */
  elapsedMs(): number
  /** @throws the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsedMs: () => performance.now(),
  sleep: (ms, signal) =>
    delay(ms, undefined, signal === undefined ? {} : { signal }).catch(error => {
      signal?.throwIfAborted()
      throw error
    }),
}
