import fc from 'fast-check'
import { expect, test } from 'vitest'
import { challengePoint, foldingFactor } from './challenge-point.ts'
import { unpackParameters } from './custody-parameters.ts'
import { deriveChallenges } from './derive-challenges.ts'
import { hashOf, PARAMETERS } from './events.fixture.ts'
import { bitsOf } from './post.ts'
import { saltOf } from './sampling.ts'

const every = unpackParameters(PARAMETERS)

function derive(change: {
  attesters?: bigint
  blobCount?: number
  seed?: number
  level?: 0 | 1 | 2
  parameters?: typeof every
  vacant?: bigint
}) {
  const { attesters = 0b111n, blobCount = 3, seed = 1, level = 0, parameters = every, vacant } = change
  return deriveChallenges({
    post: { postId: hashOf(1), root: hashOf(2), blobCount, attesters, level },
    vacant,
    epoch: 5,
    seed: hashOf(seed),
    parameters,
    openedBlock: 30,
    deadlineBlock: 41,
  })
}

test('every challenge is of an attester, in the order of strata, each operator once, with blobs that exist', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 2n ** 100n }),
      fc.integer({ min: 1, max: 5_000 }),
      fc.nat(),
      (attesters, blobCount, seed) => {
        const challenges = derive({ attesters, blobCount, seed })
        const operators = challenges.map(each => each.operator)
        expect(challenges).toHaveLength(Math.min(64, bitsOf(attesters).length))
        expect(operators.every(each => bitsOf(attesters).includes(each))).toBe(true)
        expect(new Set(operators).size).toBe(operators.length)
        expect(challenges.map(each => each.stratum)).toEqual(operators.map((_, stratum) => stratum))
        expect(
          challenges.every(
            ({ indexes }) => indexes.length === 1 && (indexes[0] ?? -1) >= 0 && (indexes[0] ?? 0) < blobCount,
          ),
        ).toBe(true)
      },
    ),
  )
})

test('the point and the folding factor are those of the salt, the post, the operator and the root', () => {
  for (const challenge of derive({})) {
    const { postId, operator, salt } = challenge
    expect(salt).toBe(saltOf(hashOf(1), hashOf(1), 0))
    expect(challenge.z).toBe(challengePoint({ postId, operator, salt }))
    expect(challenge.gamma).toBe(foldingFactor({ postId, operator, salt, root: hashOf(2) }))
    expect(challenge).toMatchObject({ epoch: 5, level: 0, openedBlock: 30, deadlineBlock: 41 })
  }
})

test('with a period a post is challenged in about one of so many epochs, and above level 0 always', () => {
  const parameters = { ...every, period: 4 }
  const challenged = (level: 0 | 1) =>
    Array.from({ length: 400 }, (_, seed) => derive({ seed, level, parameters })).filter(each => each.length > 0).length
  expect(challenged(0)).toBeGreaterThan(60)
  expect(challenged(0)).toBeLessThan(140)
  expect(challenged(1)).toBe(400)
})

test('as many operators and blobs are asked for as the level says', () => {
  const parameters = { ...every, operatorsAtLevel: [1, 2, 3] as const, blobsAtLevel: [1, 4, 16] as const }
  for (const level of [0, 1, 2] as const) {
    const challenges = derive({ attesters: 0b11111n, blobCount: 10, level, parameters })
    expect(challenges).toHaveLength(level + 1)
    for (const { indexes } of challenges) {
      expect(indexes).toHaveLength([1, 4, 10][level] ?? 0)
      expect(new Set(indexes).size).toBe(indexes.length)
    }
  }
})

test('operators that are gone leave their strata empty, and nobody else moves', () => {
  const all = derive({ attesters: 0b11111n })
  const left = derive({ attesters: 0b11111n, vacant: 0b01010n })
  expect(left).toEqual(all.filter(each => each.operator !== 1 && each.operator !== 3))
  expect(derive({ attesters: 0b11n, vacant: 0b11n })).toEqual([])
})
