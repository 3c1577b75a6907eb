import { expect, test } from 'vitest'
import { createRandom } from './random.ts'

const draw = (seed: number): number[] => {
  const random = createRandom(seed)
  return Array.from({ length: 200 }, () => random.between(1, 64))
}

test('a seed makes the same choices again, and another seed others', () => {
  expect(draw(7)).toEqual(draw(7))
  expect(draw(8)).not.toEqual(draw(7))
})

test('both ends of a range come up, and nothing beyond them', () => {
  expect(Math.min(...draw(1), ...draw(2), ...draw(3))).toBe(1)
  expect(Math.max(...draw(1), ...draw(2), ...draw(3))).toBe(64)
})

test('what is forked depends on the name and not on what was drawn before', () => {
  const used = createRandom(5)
  used.between(1, 64)
  expect(used.fork('kill').bytes(8)).toEqual(createRandom(5).fork('kill').bytes(8))
  expect(used.fork('kill').bytes(8)).not.toEqual(used.fork('reorg').bytes(8))
})
