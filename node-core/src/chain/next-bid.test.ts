import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BidSituation, firstBid, type NextBid, nextBid } from './next-bid.ts'

const CALM: BidSituation = {
  market: { baseFeeWei: 100n, tipWei: 8n },
  last: { maxFeeWei: 208n, tipWei: 8n },
  blocksWaited: 0,
  blocksLeft: undefined,
  capWei: 10_000n,
}
const bid = (maxFeeWei: bigint, tipWei: bigint): NextBid => ({ kind: 'bid', fees: { maxFeeWei, tipWei } })
const WAIT: NextBid = { kind: 'wait' }

test.each<[string, bigint, bigint, bigint]>([
  ['the first bid is twice the base fee and the tip', 10_000n, 208n, 8n],
  ['but no higher than the cap', 150n, 150n, 8n],
  ['and a cap below the tip cuts both', 5n, 5n, 5n],
])('%s', (_, capWei, maxFeeWei, tipWei) => {
  expect(firstBid(CALM.market, capWei)).toEqual({ maxFeeWei, tipWei })
})

test.each<[string, Partial<BidSituation>, NextBid]>([
  ['without a deadline it waits three blocks', { blocksWaited: 3 }, WAIT],
  ['and is raised by an eighth after four', { blocksWaited: 4 }, bid(234n, 9n)],
  ['a far deadline is as none', { blocksWaited: 3, blocksLeft: 13 }, WAIT],
  ['twelve blocks before the deadline two are enough', { blocksWaited: 2, blocksLeft: 12 }, bid(260n, 10n)],
  ['but not one', { blocksWaited: 1, blocksLeft: 6 }, WAIT],
  ['five blocks before it is raised by half with each block', { blocksWaited: 1, blocksLeft: 5 }, bid(312n, 12n)],
  ['two blocks before it doubles', { blocksWaited: 1, blocksLeft: 2 }, bid(416n, 16n)],
  ['the last block that counts is bid for', { blocksWaited: 1, blocksLeft: 1 }, bid(416n, 16n)],
  ['but not twice in one block', { blocksWaited: 0, blocksLeft: 1 }, WAIT],
  ['past the deadline it is not raised', { blocksWaited: 9, blocksLeft: 0 }, { kind: 'tooLate' }],
  ['nor long past it', { blocksWaited: 9, blocksLeft: -5 }, { kind: 'tooLate' }],
  [
    'a base fee that rose is caught up with',
    { blocksWaited: 4, market: { baseFeeWei: 1_000n, tipWei: 8n } },
    bid(2_008n, 9n),
  ],
  ['and so is a tip', { blocksWaited: 4, market: { baseFeeWei: 100n, tipWei: 50n } }, bid(250n, 50n)],
  ['what was bid never falls', { blocksWaited: 4, market: { baseFeeWei: 1n, tipWei: 1n } }, bid(234n, 9n)],
  [
    'no tip becomes one',
    { blocksWaited: 4, market: { baseFeeWei: 100n, tipWei: 0n }, last: { maxFeeWei: 208n, tipWei: 0n } },
    bid(234n, 1n),
  ],
  ['the cap cuts a raise', { blocksWaited: 1, blocksLeft: 2, capWei: 300n }, bid(300n, 16n)],
  ['that leaves at least an eighth', { blocksWaited: 1, blocksLeft: 2, capWei: 234n }, bid(234n, 16n)],
  ['and else stands', { blocksWaited: 1, blocksLeft: 2, capWei: 233n }, { kind: 'atCap' }],
  ['a cap that was lowered changes nothing of what was bid', { blocksWaited: 4, capWei: 100n }, { kind: 'atCap' }],
])('%s', (_, change, expected) => {
  expect(nextBid({ ...CALM, ...change })).toEqual(expected)
})

describe('whatever the situation', () => {
  const wei = fc.bigInt({ min: 0n, max: 10n ** 13n })
  const fees = fc.tuple(wei, wei).map(([a, b]) => (a > b ? { maxFeeWei: a, tipWei: b } : { maxFeeWei: b, tipWei: a }))
  const blocks = fc.integer({ min: 0, max: 30 })
  const situation = fc.record<BidSituation>({
    market: fc.record({ baseFeeWei: wei, tipWei: wei }),
    last: fees,
    blocksWaited: blocks,
    blocksLeft: fc.option(blocks, { nil: undefined }),
    capWei: wei,
  })

  test('no bid is above the cap, and none tips more than it pays', () => {
    fc.assert(
      fc.property(situation, each => {
        const next = nextBid(each)
        const bids = [firstBid(each.market, each.capWei), ...(next.kind === 'bid' ? [next.fees] : [])]
        for (const { maxFeeWei, tipWei } of bids) expect(tipWei <= maxFeeWei && maxFeeWei <= each.capWei).toBe(true)
      }),
    )
  })

  test('a raise is one that every pool takes: both fees by an eighth at least', () => {
    fc.assert(
      fc.property(situation, each => {
        const next = nextBid(each)
        if (next.kind !== 'bid') return
        for (const name of ['maxFeeWei', 'tipWei'] as const) {
          expect(next.fees[name] * 8n >= each.last[name] * 9n).toBe(true)
          expect(next.fees[name] > each.last[name]).toBe(true)
        }
      }),
    )
  })

  test('a nearer deadline never makes a raise later or smaller', () => {
    fc.assert(
      fc.property(situation, fc.integer({ min: 1, max: 30 }), (each, nearer) => {
        fc.pre(each.blocksLeft === undefined || nearer <= each.blocksLeft)
        const [far, near] = [nextBid(each), nextBid({ ...each, blocksLeft: nearer })]
        if (far.kind !== 'bid') return
        if (near.kind !== 'bid') throw new Error(`${near.kind} with ${nearer} blocks left`)
        expect(near.fees.maxFeeWei >= far.fees.maxFeeWei && near.fees.tipWei >= far.fees.tipWei).toBe(true)
      }),
    )
  })

  test('bids that never get into a block end at the cap, within an eighth of it', () => {
    fc.assert(
      fc.property(situation, each => {
        let last = firstBid(each.market, each.capWei)
        for (let steps = 0; ; steps += 1) {
          expect(steps).toBeLessThan(300) // 1 wei to 10^13 in steps of an eighth
          const next = nextBid({ ...each, last, blocksWaited: 4, blocksLeft: 30 })
          if (next.kind === 'bid') last = next.fees
          else return void expect([next.kind, last.maxFeeWei * 9n + 8n > each.capWei * 8n]).toEqual(['atCap', true])
        }
      }),
    )
  })
})
