/** The latest events of the node, numbered, for any number of readers at their own pace. */

import { type Clock, systemClock } from '../base/clock.ts'
import type { NodeEvent } from '../contract/shapes.ts'

export type EventLog = {
  publish(topic: NodeEvent['topic'], id: string | null, data?: NodeEvent['data']): NodeEvent
  /**
   * Events with a `seq` above `afterSeq`, then live ones; without `afterSeq` only live ones, counted from this call.
   * Never ends by itself: it ends when `signal` aborts or the reader returns.
   *
   * A reader holds a place in the ring and no queue. One that falls behind the oldest kept event goes on there, and so
   * does one whose `afterSeq` this node never gave (it is from an earlier run): both see it by a `seq` that does not
   * follow theirs, and ask again for what they show.
   */
  subscribe(options?: SubscribeOptions): AsyncGenerator<NodeEvent, void, undefined>
  /** The number of the newest event; 0 before the first. */
  lastSeq(): number
}

export type SubscribeOptions = { readonly afterSeq?: number | undefined; readonly signal?: AbortSignal | undefined }
export type EventLogOptions = { /** Events kept for readers that come back. */ readonly capacity: number }

export function createEventLog({ capacity }: EventLogOptions, clock: Clock = systemClock): EventLog {
  if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError('capacity must be a positive integer')
  /** The event `seq` stands at `seq % capacity`; the ring holds the last `capacity` of the `newest` events. */
  const ring: NodeEvent[] = []
  /** Those who wait for the next event; each is called once. */
  const waiters = new Set<() => void>()
  let newest = 0

  const oldest = () => Math.max(1, newest - capacity + 1)

  async function* read(from: number, signal: AbortSignal): AsyncGenerator<NodeEvent, void, undefined> {
    let next = from
    while (!signal.aborted) {
      next = Math.max(next, oldest())
      const event = next > newest ? undefined : ring[next % capacity]
      if (event === undefined) {
        await nextEvent(waiters, signal)
        continue
      }
      next = event.seq + 1
      yield event
    }
  }

  return {
    publish(topic, id, data = {}) {
      newest += 1
      const event = { seq: newest, at: new Date(clock.now()).toISOString(), topic, id, data }
      ring[newest % capacity] = event
      for (const wake of waiters) wake()
      return event
    },
    subscribe({ afterSeq, signal } = {}) {
      const isUnknown = afterSeq !== undefined && afterSeq > newest
      const from = isUnknown ? oldest() : (afterSeq ?? newest) + 1
      return endAtOnce(stop => read(from, stop), signal)
    },
    lastSeq: () => newest,
  }
}

/** Resolves at the next event or when the signal aborts, and leaves nothing behind in either case. */
function nextEvent(waiters: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const wake = () => {
      waiters.delete(wake)
      signal.removeEventListener('abort', wake)
      resolve()
    }
    waiters.add(wake)
    signal.addEventListener('abort', wake)
  })
}

/** A generator's own `return()` waits behind a pending `next()`, which may never come; this one ends that wait first. */
function endAtOnce<T>(
  start: (stop: AbortSignal) => AsyncGenerator<T, void, undefined>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  const left = new AbortController()
  const inner = start(signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]))
  const end = () => {
    left.abort()
    return inner.return()
  }
  return {
    next: () => inner.next(),
    return: end,
    throw: async error => {
      await end()
      throw error
    },
    [Symbol.asyncIterator]() {
      return this
    },
    [Symbol.asyncDispose]: async () => {
      await end()
    },
  }
}
