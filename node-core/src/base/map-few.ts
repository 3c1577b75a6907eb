/** Maps over items, a few at a time. */

/**
 * Once one fails nothing more is begun, and what runs is waited for.
 * @returns the results in the order of the items. @throws what failed first in that order.
 */
export async function mapFew<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const waiting = [...items.entries()]
  const results: PromiseSettledResult<R>[] = []
  async function lane(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, item] = next
      const [result] = await Promise.allSettled([work(item)])
      results[at] = result
      if (result.status === 'rejected') waiting.length = 0
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return results.map(result => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}
