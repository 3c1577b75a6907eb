/** The phases of an epoch. */

import { expect, test } from 'vitest'
import { epochPhases } from './epoch-phases.ts'

const EPOCH = { number: 3, firstBlock: 100, seedBlock: 104, deadlineBlock: 119, lastBlock: 129, isSeedKnown: true }

test('the phases fill the epoch and exactly one is now', () => {
  for (let head = 100; head <= 129; head += 1) {
    const phases = epochPhases(EPOCH, head)
    expect(phases.reduce((sum, phase) => sum + phase.share, 0)).toBeCloseTo(1)
    expect(phases.filter(phase => phase.isNow).length).toBe(1)
  }
})

test('a phase knows how much of it has passed', () => {
  expect(epochPhases(EPOCH, 109).map(phase => phase.passed)).toEqual([1, 5 / 15, 0])
  expect(epochPhases(EPOCH, 500).map(phase => phase.passed)).toEqual([1, 1, 1])
})
