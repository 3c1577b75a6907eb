import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitsOf, postState } from './post.ts'

const attestation = { attestedEpoch: 3, endEpoch: 8, attesters: 0b1n }

test.each([
  [null, { block: 99, epoch: 3 }, 'registered'],
  [null, { block: 100, epoch: 3 }, 'registered'], // the last block that takes attestations
  [null, { block: 101, epoch: 3 }, 'lapsed'],
  [attestation, { block: 500, epoch: 7 }, 'attested'],
  [attestation, { block: 500, epoch: 8 }, 'ended'], // the first epoch without challenges
] as const)('with %o at %o a post is %s', (found, now, state) => {
  expect(postState({ attestation: found, attestationDeadlineBlock: 100 }, now)).toBe(state)
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
