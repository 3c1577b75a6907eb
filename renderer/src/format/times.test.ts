/** Times and durations. */

import { expect, test } from 'vitest'
import { formatDuration, formatRelative } from './times.ts'

test.each([
  [0.4, '0.4 ms'],
  [840, '840 ms'],
  [3_240, '3.2 s'],
  [60_000, '1 min 0 s'],
  [125_000, '2 min 5 s'],
  [3_725_000, '1 h 2 min'],
])('%d ms read %s', (ms, text) => {
  expect(formatDuration(ms, 'en')).toBe(text)
})

test.each([
  [0, 'now'],
  [-12_000, '12 seconds ago'],
  [-59_900, '59 seconds ago'],
  [-61_000, '1 minute ago'],
  [-7_300_000, '2 hours ago'],
  [90_000, 'in 1 minute'],
  [-30 * 86_400_000, '30 days ago'],
])('%d ms from now reads %s', (distance, text) => {
  expect(formatRelative(1_800_000_000_000 + distance, 1_800_000_000_000, 'en')).toBe(text)
})

test('the language decides on the words', () => {
  expect(formatRelative(0, 12_000, 'de')).toBe('vor 12 Sekunden')
})
