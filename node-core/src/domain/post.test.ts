import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitsOf, postState } from './post.ts'

const atRisk = { epoch: 5, nextLevel: 2, isAtRisk: true } as const
const WAITING = {
  attestation: null,
  attestationDeadlineBlock: 100,
  isLapsed: false,
  isDropped: false,
  settlement: null,
} as const
const attestation = { attestedEpoch: 3, endEpoch: 8, attesters: 0b1n }

test.each([
  [null, { block: 99, epoch: 3 }, 'registered'],
  [null, { block: 100, epoch: 3 }, 'registered'], // the last block that takes attestations
  [null, { block: 101, epoch: 3 }, 'lapsed'],
  [attestation, { block: 500, epoch: 7 }, 'attested'],
  [attestation, { block: 500, epoch: 8 }, 'ended'], // the first epoch without challenges
] as const)('with %o at %o a post is %s', (found, now, state) => {
  expect(postState({ ...WAITING, attestation: found }, now)).toBe(state)
})

test('a post is at risk from the settlement that says so until one that does not, or its end', () => {
  const of = (settlement: typeof atRisk | { epoch: 6; nextLevel: 0; isAtRisk: false }, epoch: number) =>
    postState({ ...WAITING, attestation, settlement }, { block: 500, epoch })
  expect(of(atRisk, 6)).toBe('atRisk')
  expect(of({ epoch: 6, nextLevel: 0, isAtRisk: false }, 7)).toBe('attested')
  expect(of(atRisk, 8)).toBe('ended')
})

test('a post that lapsed waits no more, and one that was dropped has ended', () => {
  const now = { block: 50, epoch: 1 }
  expect(postState({ ...WAITING, isLapsed: true }, now)).toBe('lapsed')
  expect(postState({ ...WAITING, isDropped: true }, now)).toBe('ended')
  expect(postState({ ...WAITING, isDropped: true, isLapsed: true }, { block: 500, epoch: 1 })).toBe('ended')
})

test('the bits of a bitmap make the bitmap again, ascending', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), bitmap => {
      const bits = bitsOf(bitmap)
      expect(bits.reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n)).toBe(bitmap)
      expect(bits).toEqual(bits.toSorted((a, b) => a - b))
    }),
  )
})
