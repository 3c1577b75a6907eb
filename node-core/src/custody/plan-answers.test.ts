import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Challenge, challengeIdOf } from '../domain/challenge.ts'
import { hashOf } from '../domain/events.fixture.ts'
import { type OpenChallenge, planAnswers } from './plan-answers.ts'

function open(
  post: number,
  change: { operator?: number; epoch?: number; k?: number; isAlone?: boolean; blobCount?: number } = {},
): OpenChallenge {
  const { operator = 0, epoch = 1, k = 1, isAlone = false, blobCount = 256 } = change
  const challenge: Challenge = {
    ...{ postId: hashOf(post), epoch, operator, level: 0, stratum: 0, salt: hashOf(7), z: 1n, gamma: 1n },
    ...{ indexes: Array.from({ length: k }, (_, at) => at), openedBlock: 1, deadlineBlock: 9 },
  }
  return { challenge, blobCount, isAlone }
}
const sizes = (all: readonly OpenChallenge[]) => planAnswers(all).batches.map(batch => batch.length)

test('one challenge goes alone, two go together, and 33 in two batches at least', () => {
  expect(planAnswers([open(1)])).toEqual({ batches: [], alone: [open(1)] })
  expect(planAnswers([open(1), open(2)])).toEqual({ batches: [[open(1), open(2)]], alone: [] })
  const many = Array.from({ length: 34 }, (_, at) => open(at))
  expect(sizes(many)).toEqual([32, 2])
  expect(planAnswers(many.slice(0, 33))).toMatchObject({ batches: [{ length: 32 }], alone: [{ challenge: {} }] })
})

test('operators and epochs do not mix', () => {
  expect(sizes([open(1), open(1, { operator: 1 }), open(2), open(2, { operator: 1 })])).toEqual([2, 2])
  expect(sizes([open(1), open(2, { epoch: 2 })])).toEqual([])
})

test('large challenges share a transaction only as far as it holds their points', () => {
  // 64 blobs of 256 take 64 · (128 + 8 · 32) = 24,576 bytes: four fill 96 KiB.
  expect(sizes(Array.from({ length: 9 }, (_, at) => open(at, { k: 64 })))).toEqual([4, 4])
  // Without paths they would fit, but the contract takes 256 commitments at once.
  expect(sizes(Array.from({ length: 13 }, (_, at) => open(at, { k: 60, blobCount: 1 })))).toEqual([4, 4, 4])
})

test('every challenge is answered once, alone when it must be', () => {
  const some = fc.array(
    fc.record({ operator: fc.nat(3), epoch: fc.nat(1), k: fc.integer({ min: 1, max: 64 }), isAlone: fc.boolean() }),
    { maxLength: 120 },
  )
  fc.assert(
    fc.property(some, changes => {
      const all = changes.map((change, at) => open(at, change))
      const { batches, alone } = planAnswers(all)
      const answered = [...batches.flat(), ...alone].map(each => challengeIdOf(each.challenge))
      expect(answered.toSorted()).toEqual(all.map(each => challengeIdOf(each.challenge)).toSorted())
      for (const batch of batches) {
        expect(batch.length).toBeGreaterThan(1)
        expect(batch.length).toBeLessThanOrEqual(32)
        expect(new Set(batch.map(({ challenge }) => `${challenge.operator}:${challenge.epoch}`)).size).toBe(1)
        expect(batch.some(each => each.isAlone)).toBe(false)
      }
    }),
  )
})
