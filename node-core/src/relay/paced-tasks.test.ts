import { expect, test } from 'vitest'
import { blockAt } from '../domain/events.fixture.ts'
import { createPacedTasks } from './paced-tasks.ts'

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

test('a failure pauses longer each time, until it was left alone for long', async () => {
  const tasks = createPacedTasks(() => undefined)
  const failAt = async (head: number): Promise<number> => {
    tasks.run('a', blockAt(head), () => Promise.reject(new Error('no')))
    await turn()
    let readyAt = head
    while (!tasks.isReady('a', blockAt(readyAt))) readyAt += 1
    return readyAt - head
  }
  expect([await failAt(10), await failAt(11), await failAt(13), await failAt(17)]).toEqual([1, 2, 4, 8])
  expect(await failAt(25 + 64)).toBe(16)
  expect(await failAt(105 + 65)).toBe(1)
})
