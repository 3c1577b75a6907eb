import { deploymentProfiles } from '@emerald/contracts/profiles.ts'
import { expect, test } from 'vitest'
import { addressOf } from '../domain/events.fixture.ts'
import { type Choices, chooseOptions } from './choose-options.ts'

const published = {
  owners: [addressOf(1), addressOf(2), addressOf(3)],
  guardian: addressOf(4),
  treasury: addressOf(5),
  relay: addressOf(6),
} as const
const nothing: Choices = {
  profile: 'demo',
  safe: undefined,
  guardian: undefined,
  treasury: undefined,
  relays: [],
  delaySeconds: undefined,
  out: undefined,
}
const everything: Choices = {
  profile: 'public',
  safe: addressOf(11),
  guardian: addressOf(12),
  treasury: addressOf(13),
  relays: [addressOf(14)],
  delaySeconds: 5_000_000n,
  out: 'deployment.json',
}

test('on a local chain whoever is not named is one of the published accounts', () => {
  expect(chooseOptions(31_337, nothing, published)).toMatchObject({
    governance: { multisig: published.owners, guardian: published.guardian, delaySeconds: 180n, secondsPerBlock: 1 },
    relays: [published.relay],
    treasury: published.treasury,
  })
})

test.each([31_337, 1])('what is named is taken, on chain %i', chainId => {
  expect(chooseOptions(chainId, everything, published)).toMatchObject({
    parameters: deploymentProfiles.public.parameters,
    governance: { multisig: everything.safe, guardian: everything.guardian, delaySeconds: 5_000_000n },
    relays: everything.relays,
    treasury: everything.treasury,
  })
})

test('elsewhere nobody is one of the published accounts, not even a relay', () => {
  expect(chooseOptions(1, { ...everything, relays: [] }, published).relays).toEqual([])
  expect(() => chooseOptions(1, { ...everything, safe: undefined }, published)).toThrow('MULTISIG_REQUIRED')
  for (const name of ['guardian', 'treasury', 'out'] as const)
    expect(() => chooseOptions(1, { ...everything, [name]: undefined }, published)).toThrow('USAGE')
  expect(() => chooseOptions(1, { ...everything, profile: 'anvil' }, published)).toThrow('USAGE')
})
