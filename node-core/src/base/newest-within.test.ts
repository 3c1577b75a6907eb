import { expect, test } from 'vitest'
import { newestWithin } from './newest-within.ts'

const texts = ['aaaa', 'bb', 'ü', 'd']

test('the newest are taken, oldest first, as many and as long as may be', () => {
  expect(newestWithin(texts, { maxCount: 9, maxBytes: 9 })).toEqual(texts)
  expect(newestWithin(texts, { maxCount: 2, maxBytes: 9 })).toEqual(['ü', 'd'])
  expect(newestWithin(texts, { maxCount: 9, maxBytes: 8 })).toEqual(['bb', 'ü', 'd'])
  expect(newestWithin(texts, { maxCount: 9, maxBytes: 2 })).toEqual(['d'])
  expect(newestWithin(texts, { maxCount: 9, maxBytes: 0 })).toEqual([])
  expect(newestWithin([], { maxCount: 9, maxBytes: 9 })).toEqual([])
})
