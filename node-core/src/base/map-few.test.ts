import { expect, test } from 'vitest'
import { mapFew } from './map-few.ts'

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

test('so many run at once and no more, and the results keep the order', async () => {
  let running = 0
  const seen: number[] = []
  const results = await mapFew([5, 1, 4, 2, 3], 2, async item => {
    running += 1
    seen.push(running)
    for (let left = item; left > 0; left -= 1) await turn()
    running -= 1
    return item * 10
  })
  expect(results).toEqual([50, 10, 40, 20, 30])
  expect(seen).toEqual([1, 2, 2, 2, 2])
})

test('after a failure nothing more is begun, and what runs comes to its end first', async () => {
  const begun: number[] = []
  let isOver = false
  const work = async (item: number): Promise<void> => {
    begun.push(item)
    if (item === 1) throw new Error('one failed')
    for (let left = 5; left > 0; left -= 1) await turn()
    isOver = true
  }
  await expect(mapFew([0, 1, 2, 3], 2, work)).rejects.toThrow('one failed')
  expect([begun, isOver]).toEqual([[0, 1], true])
})
