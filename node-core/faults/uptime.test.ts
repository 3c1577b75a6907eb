import { expect, test } from 'vitest'
import { createUptime, hadTime } from './uptime.ts'

test('two short stretches are not one long one', () => {
  const uptime = createUptime()
  uptime.begin(10)
  uptime.end(13)
  uptime.begin(14)
  uptime.end(17)
  expect(hadTime(uptime.stretches(20), { from: 10, to: 20 }, 3)).toBe(true)
  expect(hadTime(uptime.stretches(20), { from: 10, to: 20 }, 4)).toBe(false)
})

test('only what lies within the window counts, and a stretch that lasts counts up to the head', () => {
  const uptime = createUptime()
  uptime.begin(10)
  expect(hadTime(uptime.stretches(30), { from: 26, to: 40 }, 4)).toBe(true)
  expect(hadTime(uptime.stretches(30), { from: 27, to: 40 }, 4)).toBe(false)
  expect(hadTime(uptime.stretches(30), { from: 5, to: 13 }, 4)).toBe(false)
})

test('a reorg takes the time that its blocks gave, and the time after it is another stretch', () => {
  const uptime = createUptime()
  uptime.begin(10)
  uptime.replaced(30, 8)
  expect(uptime.stretches(33)).toEqual([
    { from: 10, to: 22 },
    { from: 30, to: 33 },
  ])
})
