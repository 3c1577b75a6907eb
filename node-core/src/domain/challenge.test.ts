import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ChallengeFacts, challengeIdOf, challengeState, parseChallengeId } from './challenge.ts'
import { hashOf } from './events.fixture.ts'

const NOTHING: ChallengeFacts = { isProven: false, isMissed: false, isSent: false, isProving: false, deadlineBlock: 10 }

test.each([
  [{}, 5, 'due'],
  [{ isProving: true }, 5, 'proving'],
  [{ isProving: true, isSent: true }, 5, 'sent'],
  [{ isSent: true, isProven: true }, 5, 'proven'],
  [{}, 9, 'due'], // a proof sent now can be in block 10, the last that counts
  [{}, 10, 'overdue'],
  [{ isSent: true }, 10, 'overdue'],
  [{ isMissed: true }, 12, 'missed'],
  [{ isProven: true }, 99, 'proven'],
] as const)('%o at head %i is %s', (facts, head, state) => {
  expect(challengeState({ ...NOTHING, ...facts }, head)).toBe(state)
})

test('what the chain said stands at every head, whatever the node did', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), fc.nat(30), (isSent, isProving, head) => {
      expect(challengeState({ ...NOTHING, isSent, isProving, isProven: true }, head)).toBe('proven')
      expect(challengeState({ ...NOTHING, isSent, isProving, isMissed: true }, head)).toBe('missed')
    }),
  )
})

test('an id is read back as the key that it was made of', () => {
  fc.assert(
    fc.property(fc.nat(1e9), fc.nat(2 ** 32 - 1), fc.nat(255), (post, epoch, operator) => {
      const key = { postId: hashOf(post), epoch, operator }
      expect(parseChallengeId(challengeIdOf(key))).toEqual(key)
    }),
  )
})

test.each([
  '',
  `${hashOf(1)}:1`,
  `${hashOf(1)}:1:2:3`,
  `${hashOf(1)}:-1:2`,
  `${hashOf(1).toUpperCase()}:1:2`,
  `${hashOf(1)}:1:1000`,
])('the text "%s" is no challenge id', text => {
  expect(() => parseChallengeId(text)).toThrow(RangeError)
})
