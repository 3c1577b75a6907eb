/** Seconds a block, as measured. */

import { expect, test } from 'vitest'
import { addHead, type HeadSample, secondsPerBlock } from './block-pace.ts'

const follow = (heads: readonly HeadSample[]) => heads.reduce(addHead, [] as readonly HeadSample[])

test('one head says nothing about the pace', () => {
  expect(secondsPerBlock([])).toBe(null)
  expect(secondsPerBlock(follow([{ number: 1, atMs: 0 }]))).toBe(null)
})

test('the pace is the mean over the blocks between, skipped ones included', () => {
  expect(
    secondsPerBlock(
      follow([
        { number: 10, atMs: 0 },
        { number: 12, atMs: 3_000 },
        { number: 14, atMs: 8_000 },
      ]),
    ),
  ).toBe(2)
})

test('the same head twice counts once, and a lower head starts anew', () => {
  const heads = follow([
    { number: 5, atMs: 0 },
    { number: 6, atMs: 1_000 },
    { number: 6, atMs: 1_000 },
  ])
  expect(heads.length).toBe(2)
  expect(addHead(heads, { number: 4, atMs: 2_000 })).toEqual([{ number: 4, atMs: 2_000 }])
})

test('only the latest thirty heads are kept', () => {
  const heads = follow(Array.from({ length: 100 }, (_, number) => ({ number, atMs: number * 1_000 })))
  expect(heads.length).toBe(30)
  expect(heads.at(-1)?.number).toBe(99)
})
