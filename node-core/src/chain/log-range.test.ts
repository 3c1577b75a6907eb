import fc from 'fast-check'
import { expect, test } from 'vitest'
import { afterAnswer, afterLimit, fullRange, limitIn } from './log-range.ts'

/** As the providers and clients say it. */
test.each<[string, number | undefined]>([
  [
    'You can make eth_getLogs requests with up to a 500 block range. Based on your parameters, this block range should work: [0x123c9b2, 0x123cba5]',
    500,
  ],
  ['You can make eth_getLogs requests with up to a 2K block range and no limit on the response size', 2_000],
  [
    'Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit on the response size, or you can request any block range with a cap of 10K logs in the response. this block range should work: [0x10, 0x1f]',
    16,
  ],
  ['query returned more than 10000 results. Try with this block range [0x100, 0x1ff].', 256],
  ['query returned more than 10000 results', undefined],
  ['range 1000000 exceeds limit of 10000', 10_000],
  ['range 9009594 is bigger than range limit 2000', 2_000],
  ['eth_getLogs is limited to a 10,000 range', 10_000],
  ['eth_getLogs and eth_newFilter are limited to a 10,000 blocks range', 10_000],
  ['block range is too wide (maximum 1024)', 1_024],
  ['block range is too wide', undefined],
  ['block range is larger than max block range, block range = 5120, max block range = 5000', 5_000],
  ['block range is bigger than maxBlockRange', undefined],
  ['block range too high', undefined],
  ['exceed maximum block range: 5000', 5_000],
  ['Max range: 800', 800],
  ['query exceeds max results 20000, retry with the range 100-149', 50],
  ['query exceeds max block range 100000', 100_000],
  ['ranges over 10000 blocks are not supported on freetier', 10_000],
  ['Requested range exceeds maximum range limit', undefined],
  ['response size should not greater than 150000000 bytes: response too large', undefined],
  ['query timeout exceeded', undefined],
  ['ResponseBodyTooLargeError', undefined],
  ['range too wide', undefined],
])('%s', (message, maxBlocks) => {
  expect(limitIn(message)).toEqual({ maxBlocks })
})

test.each([
  'invalid block range params',
  'no connection',
  'HTTP 429',
  'too many requests under way',
  'rate limit exceeded',
  'daily request count exceeded, request rate limited',
  'header not found',
  'the chain changed while it was read',
])('"%s" names no limit of ranges', message => {
  expect(limitIn(message)).toBeUndefined()
})

test('it takes what is offered, stays below it for a while, and then tries more', () => {
  let range = afterLimit(2_000, { maxBlocks: 500 })
  const sizes: number[] = []
  for (let at = 0; at < 36; at += 1) {
    sizes.push(range.blocks)
    range = afterAnswer(range, 3, 2_000)
  }
  expect(sizes.slice(0, 32)).toEqual(Array.from({ length: 32 }, () => 500))
  expect(sizes.slice(32)).toEqual([750, 1_125, 1_688, 2_000])
})

test('without an offer it halves, and grows again below the size that was refused', () => {
  let range = afterLimit(100, { maxBlocks: undefined })
  const sizes = [range.blocks]
  for (let at = 0; at < 3; at += 1) {
    range = afterAnswer(range, 0, 2_000)
    sizes.push(range.blocks)
  }
  expect(sizes).toEqual([50, 75, 99, 99])
})

test('an offer that is no smaller than what was refused is not taken', () => {
  expect(afterLimit(64, { maxBlocks: 500 }).blocks).toBe(32)
})

test('many logs at once make the next range smaller', () => {
  expect(afterAnswer(fullRange(2_000), 1_001, 2_000).blocks).toBe(1_000)
})

test('whatever the limit, refusals end at a size that it allows, and no size leaves the bounds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 1, max: 2_000 }),
      fc.boolean(),
      (limit, max, isNamed) => {
        let range = fullRange(max)
        let refusals = 0
        for (let at = 0; at < 200; at += 1) {
          expect(range.blocks).toBeGreaterThanOrEqual(1)
          expect(range.blocks).toBeLessThanOrEqual(max)
          if (range.blocks > limit) refusals += 1
          range =
            range.blocks > limit
              ? afterLimit(range.blocks, { maxBlocks: isNamed ? limit : undefined })
              : afterAnswer(range, 0, max)
        }
        expect(refusals).toBeLessThan(70)
      },
    ),
  )
})
