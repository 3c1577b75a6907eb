/** So many at a time; whoever comes later waits for its turn. */

export function createSlots(count: number) {
  const waiting: (() => void)[] = []
  let free = count

  async function enter(): Promise<void> {
    if (free > 0) free -= 1
    else await new Promise<void>(resolve => waiting.push(resolve))
  }

  /** Gives the place to the next one, if there is any. */
  function leave(): void {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }

  return async function inSlot<T>(work: () => Promise<T>): Promise<T> {
    await enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
