/** Time as a port, so that tests can hold it still. */

import { setTimeout as delay } from 'node:timers/promises'

export type Clock = {
  /** Milliseconds since the unix epoch. */
  now(): number
  /** @throws the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }),
}
