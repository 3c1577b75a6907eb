import { expect, test } from 'vitest'
import { createSlots } from './slots.ts'

test('no more run at once than there are slots, each gets its turn in order, and a failure frees its slot', async () => {
  const inSlot = createSlots(2)
  const started: number[] = []
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
  const all = gates.map((gate, at) =>
    inSlot(async () => {
      started.push(at)
      await gate.promise
    }),
  )
  const turn = () => new Promise(resolve => setImmediate(resolve))
  await turn()
  expect(started).toEqual([0, 1])
  gates[1]?.reject(new Error('no'))
  await expect(all[1]).rejects.toThrow('no')
  await turn()
  expect(started).toEqual([0, 1, 2])
  for (const gate of gates) gate.resolve()
  await Promise.allSettled(all)
  expect(started).toEqual([0, 1, 2, 3, 4])
})
