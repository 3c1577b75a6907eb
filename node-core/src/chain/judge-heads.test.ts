import fc from 'fast-check'
import { toHex } from 'viem'
import { expect, test } from 'vitest'
import { commonNumber, type HeadSeen, type HeadVerdict, judgeHeads } from './judge-heads.ts'

const NOW_MS = 1_000_000
const LAG = 3
/** @param common a letter for the block at the number that all are compared at. */
const seen = (number: number, common: string | undefined, stoodMs = 0): HeadSeen => ({
  head: { number, hash: toHex(number, { size: 32 }) },
  movedAtMs: NOW_MS - stoodMs,
  commonHash: common === undefined ? undefined : toHex(common, { size: 32 }),
})

test.each<[string, HeadSeen[], HeadVerdict[]]>([
  ['one is believed', [seen(7, undefined)], ['good']],
  ['two within the lag are good', [seen(10, undefined), seen(13, undefined)], ['good', 'good']],
  ['of two, one further behind is not asked', [seen(10, undefined), seen(14, undefined)], ['behind', 'good']],
  ['three that agree are good', [seen(10, 'a'), seen(11, 'a'), seen(12, 'a')], ['good', 'good', 'good']],
  ['one against two is not believed', [seen(12, 'x'), seen(12, 'a'), seen(12, 'a')], ['disputed', 'good', 'good']],
  [
    'one that does not say is not believed',
    [seen(12, undefined), seen(12, 'a'), seen(12, 'a')],
    ['disputed', 'good', 'good'],
  ],
  [
    'two against two settles nothing',
    [seen(9, 'a'), seen(9, 'b'), seen(9, 'a'), seen(9, 'b')],
    ['good', 'good', 'good', 'good'],
  ],
  [
    'two against three are not believed',
    [seen(9, 'a'), seen(9, 'b'), seen(9, 'a'), seen(9, 'b'), seen(9, 'a')],
    ['good', 'disputed', 'good', 'disputed', 'good'],
  ],
  ['three that all differ settle nothing', [seen(9, 'a'), seen(9, 'b'), seen(9, 'c')], ['good', 'good', 'good']],
  [
    'one far behind does not lower where the others are compared',
    [seen(2, undefined), seen(20, 'a'), seen(20, 'a')],
    ['behind', 'good', 'good'],
  ],
  [
    'one far ahead of two that move is not believed',
    [seen(1e9, 'a'), seen(20, 'a'), seen(21, 'a')],
    ['disputed', 'good', 'good'],
  ],
  [
    'one far ahead of two that are stuck is believed',
    [seen(90, 'a'), seen(20, 'a', 60_000), seen(21, 'a', 60_000)],
    ['good', 'behind', 'behind'],
  ],
  ['one that is a little ahead is believed', [seen(24, 'a'), seen(21, 'a'), seen(21, 'a')], ['good', 'good', 'good']],
])('%s', (_, heads, verdicts) => {
  expect(judgeHeads(heads, LAG, NOW_MS)).toEqual(verdicts)
})

test('heads are compared at the lowest that is not far behind what two have reached', () => {
  const at = (...numbers: number[]) =>
    commonNumber(
      numbers.map(number => seen(number, 'a')),
      LAG,
    )
  expect([at(9, 9), at(5, 20, 21), at(18, 20, 21), at(1e9, 20, 19)]).toEqual([undefined, 20, 18, 19])
})

test('somebody is always good, and a single liar never is against two that agree and move', () => {
  const head = fc.record({
    number: fc.nat({ max: 40 }),
    common: fc.constantFrom('a', 'b', undefined),
    stoodMs: fc.nat({ max: 90_000 }),
  })
  fc.assert(
    fc.property(fc.array(head, { minLength: 1, maxLength: 8 }), heads => {
      expect(
        judgeHeads(
          heads.map(each => seen(each.number, each.common, each.stoodMs)),
          LAG,
          NOW_MS,
        ),
      ).toContain('good')
    }),
  )
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 1e9 }), fc.integer({ min: 100, max: 103 }), (lied, honest) => {
      expect(judgeHeads([seen(lied, 'x'), seen(100, 'a'), seen(honest, 'a')], LAG, NOW_MS)).toEqual([
        'disputed',
        'good',
        'good',
      ])
    }),
  )
})
