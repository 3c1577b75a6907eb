import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DeadlineStep, judgeDeadline } from './judge-deadline.ts'

test.each<[number, number, DeadlineStep | undefined]>([
  [100, 100, undefined],
  [100, 51, undefined],
  [100, 50, 'notice'],
  [100, 26, 'notice'],
  [100, 25, 'warning'],
  [100, 6, 'warning'],
  [100, 5, 'critical'],
  [100, 1, 'critical'],
  [100, 0, 'missed'],
  [100, -7, 'missed'],
  [10, 6, undefined],
  [10, 5, 'notice'],
  [10, 2, 'warning'],
  [10, 1, 'critical'],
  [1, 1, 'critical'],
])('with a window of %d blocks, %d left is %s', (window, left, step) => {
  expect(judgeDeadline({ openedBlock: 1_000, deadlineBlock: 1_000 + window }, 1_000 + window - left)).toBe(step)
})

test('it only ever gets more urgent, and the last block that counts is always critical', () => {
  const steps = [undefined, 'notice', 'warning', 'critical', 'missed']
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), window => {
      const challenge = { openedBlock: 7, deadlineBlock: 7 + window }
      let before = 0
      for (let head = 7; head <= 8 + window; head += 1) {
        const now = steps.indexOf(judgeDeadline(challenge, head))
        expect(now).toBeGreaterThanOrEqual(before)
        before = now
      }
      expect(judgeDeadline(challenge, 6 + window)).toBe('critical')
      expect(judgeDeadline(challenge, 7 + window)).toBe('missed')
    }),
    { numRuns: 30 },
  )
})
