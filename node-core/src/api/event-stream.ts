/** Event streams of calls that can be given up: by the caller's signal, or by leaving the stream. */

export function isAsyncIterator(value: unknown): value is AsyncIterator<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value
}

/** @throws the signal's reason as soon as it aborts; what the work then still does is ignored. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  work.catch(() => undefined)
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Leaving the stream aborts `left`, so that a method that waits for its next event hears of it. */
export function leaveTogether<T>(
  events: AsyncIterator<T>,
  left: AbortController,
  signal: AbortSignal | undefined,
): AsyncIteratorObject<T, unknown, unknown> {
  const end = async () => {
    left.abort()
    await events.return?.()
  }
  return {
    next: () => untilAborted(events.next(), signal),
    async return(value) {
      await end()
      return { done: true, value }
    },
    async throw(error) {
      await end()
      throw error
    },
    [Symbol.asyncIterator]() {
      return this
    },
    [Symbol.asyncDispose]: end,
  }
}
