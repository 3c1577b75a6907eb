import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { hashTypedData } from 'viem'
import { expect, test } from 'vitest'
import { attestationTypedData, termsFor } from './attestation.ts'

const registered = { epoch: 10, timestamp: 1_800_000_000 }

test('a new generation of terms begins every `maxStakeAge` epochs after the registration', () => {
  const epochs = [10, 11, 12, 13, 14].map(epoch => termsFor(registered, epoch, 2).stakeEpoch)
  expect(epochs).toEqual([10, 10, 12, 12, 14])
})

test('the deadline is sixty days after the registration in every generation, as the contract wants it', () => {
  for (const epoch of [10, 500])
    expect(termsFor(registered, epoch, 2).deadlineSeconds).toBe(1_800_000_000 + 60 * 86_400)
})

test('the stake that counts is never of the future and never older than the contract takes', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(10_000), fc.nat(50), (epoch, later, maxStakeAge) => {
      const { stakeEpoch } = termsFor({ epoch, timestamp: 0 }, epoch + later, maxStakeAge)
      expect(stakeEpoch).toBeLessThanOrEqual(epoch + later)
      expect(stakeEpoch).toBeGreaterThanOrEqual(epoch + later - maxStakeAge)
    }),
  )
})

test('nodes whose heads are in one generation sign the same terms', () => {
  expect(termsFor(registered, 12, 2)).toEqual(termsFor(registered, 13, 2))
})

test('what is signed is what the protocol vectors hash', () => {
  const { attestations, about } = JSON.parse(
    readFileSync(new URL('../../../contracts/test/vectors/protocol-vectors.json', import.meta.url), 'utf8'),
  )
  expect(attestations).toHaveLength(about.kinds.attestations)
  for (const { deadline, digest, ...of } of attestations) {
    expect(hashTypedData(attestationTypedData(of, { ...of, deadlineSeconds: deadline }))).toBe(digest)
  }
})
