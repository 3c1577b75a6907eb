import { expect, test } from 'vitest'
import { type Place, placesInLine } from './place-in-line.ts'

const raise = (blocksLeft?: number): Place => ({ kind: 'raise', blocksLeft })
const cancel = (blocksLeft?: number): Place => ({ kind: 'cancel', blocksLeft })
const STAND: Place = { kind: 'stand' }

test.each<[string, (number | undefined)[], Place[]]>([
  ['nobody, nothing', [], []],
  ['no deadline, no hurry', [undefined, undefined], [raise(), raise()]],
  ['each has its own', [103, 110], [raise(3), raise(10)]],
  [
    'whoever stands before a nearer one hurries with it',
    [undefined, 110, 103, 120],
    [raise(3), raise(3), raise(3), raise(20)],
  ],
  ['the next block is the last that counts', [101], [raise(1)]],
  ['too late with nobody behind stands', [103, 100], [raise(3), STAND]],
  ['too late with somebody behind makes way, as fast as that one must', [90, 103], [cancel(3), raise(3)]],
  ['also for one that has no deadline', [90, undefined], [cancel(), raise()]],
  ['all too late, all stand', [90, 100], [STAND, STAND]],
])('%s', (_, deadlines, expected) => {
  expect(
    placesInLine(
      deadlines.map(deadlineBlock => ({ deadlineBlock })),
      100,
    ),
  ).toEqual(expected)
})
