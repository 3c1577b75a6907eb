import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type EpochSchedule, epochAt, finaliseWindow, firstBlockOf, seedBlockOf } from './epoch.ts'

/** What the seed beacon's constructor accepts. */
const schedule: fc.Arbitrary<EpochSchedule> = fc
  .record({
    firstBlock: fc.nat(1_000_000),
    seedOffset: fc.nat(50),
    finality: fc.integer({ min: 1, max: 64 }),
    extra: fc.nat(100),
    rest: fc.integer({ min: 1, max: 7_000 }),
  })
  .map(({ extra, rest, ...of }) => ({
    ...of,
    finaliseWithin: of.finality + extra,
    length: of.seedOffset + of.finality + extra + rest,
  }))

test('each block is in the one epoch whose blocks it stands among', () => {
  fc.assert(
    fc.property(schedule, fc.nat(10_000_000), (of, offset) => {
      const block = of.firstBlock + offset
      const epoch = epochAt(of, block)
      expect(firstBlockOf(of, epoch)).toBeLessThanOrEqual(block)
      expect(firstBlockOf(of, epoch + 1)).toBeGreaterThan(block)
    }),
  )
})

test('a seed can be finalised within its epoch only, and never before its block is final', () => {
  fc.assert(
    fc.property(schedule, fc.nat(100_000), (of, epoch) => {
      const { from, to } = finaliseWindow(of, epoch)
      expect(from - seedBlockOf(of, epoch)).toBe(of.finality)
      expect(epochAt(of, seedBlockOf(of, epoch))).toBe(epoch)
      expect(from).toBeLessThanOrEqual(to)
      expect(epochAt(of, to)).toBe(epoch)
    }),
  )
})

test('the demonstration chain: epochs of 24 blocks, seeds at 2, finalised from 3 to 7', () => {
  const of = { firstBlock: 100, length: 24, seedOffset: 2, finality: 1, finaliseWithin: 5 }
  expect([99, 100, 123, 124].map(block => epochAt(of, block))).toEqual([0, 0, 0, 1])
  expect(seedBlockOf(of, 1)).toBe(126)
  expect(finaliseWindow(of, 1)).toEqual({ from: 127, to: 131 })
})
