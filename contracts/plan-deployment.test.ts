// What a deployment refuses before it sends anything, and that a plan says all that will be sent.
import { expect, test } from 'vitest'
import { accountOf, deployer, optionsOf } from './chain.fixture.ts'
import type { ProtocolOptions } from './creation-code.ts'
import { leastDelaySeconds } from './governance.ts'
import { type DeploymentPlace, planDeployment } from './plan-deployment.ts'
import { deploymentProfiles } from './profiles.ts'

const place: DeploymentPlace = { chainId: 31_337, deployer: deployer.address, firstNonce: 7, startBlock: 1n }

const withGovernance = (governance: Partial<ProtocolOptions['governance']>): ProtocolOptions => {
  const options = optionsOf()
  return { ...options, governance: { ...options.governance, ...governance } }
}

const errorOf = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (error) {
    return error
  }
}

test('a plan is decided by deployer, nonce and options', () => {
  const plan = planDeployment(optionsOf(), place)
  expect(planDeployment(optionsOf(), place)).toEqual(plan)
  expect(planDeployment(optionsOf(), { ...place, firstNonce: 8 }).digest).not.toBe(plan.digest)
  expect(planDeployment(withGovernance({ delaySeconds: 181n }), place).digest).not.toBe(plan.digest)
  expect(new Set(plan.steps.map(({ address }) => address)).size).toBe(plan.steps.length)
})

test('the multisig of local chains stays on local chains', () => {
  expect(errorOf(() => planDeployment(optionsOf(), { ...place, chainId: 1 }))).toMatchObject({
    code: 'MULTISIG_REQUIRED',
    data: { chainId: 1 },
  })
})

test('a Safe is taken as it is, and nothing is deployed in its place', () => {
  const multisig = accountOf(9).address
  const plan = planDeployment(withGovernance({ multisig }), { ...place, chainId: 1 })
  expect(plan.deployment.multisig).toBe(multisig)
  expect(plan.steps.map(({ part }) => part)).not.toContain('multisig')
})

test('chains whose blocks mean something else are refused', () => {
  expect(errorOf(() => planDeployment(optionsOf(), { ...place, chainId: 42_161 }))).toMatchObject({
    code: 'CHAIN_NOT_SUPPORTED',
  })
})

test('the timelock must not be faster than who wants to leave, to the second', () => {
  const { parameters, epochs } = optionsOf()
  const least = leastDelaySeconds(parameters, epochs, 1)
  expect(() => planDeployment(withGovernance({ delaySeconds: least }), place)).not.toThrow()
  expect(errorOf(() => planDeployment(withGovernance({ delaySeconds: least - 1n }), place))).toMatchObject({
    code: 'DELAY_TOO_SHORT',
    data: { delaySeconds: Number(least - 1n), leastSeconds: Number(least) },
  })
})

test.each([
  ['relay', { ...optionsOf(), relays: [deployer.address] }],
  ['guardian', withGovernance({ guardian: deployer.address })],
  ['multisig', withGovernance({ multisig: [deployer.address, accountOf(6).address, accountOf(7).address] })],
] as const)('the deployer cannot be %s', (role, options) => {
  expect(errorOf(() => planDeployment(options, place))).toMatchObject({ code: 'DEPLOYER_HAS_ROLE', data: { role } })
})

/** Blocks from an announcement to the withdrawal at worst: the guardian may pause any `maxPause` blocks of each epoch. */
function longestLeave(unbonding: number, length: number, maxPause: number): number {
  const known = new Map<string, number>()
  /** From a block on, given its place in the epoch, the blocks paused in that epoch, and those of unbonding to come. */
  function longestFrom(place: number, paused: number, left: number): number {
    if (place === length) return longestFrom(0, 0, left)
    const key = `${place} ${paused} ${left}`
    const found = known.get(key)
    if (found !== undefined) return found
    const whenPaused = paused < maxPause ? 1 + longestFrom(place + 1, paused + 1, left) : 0
    const whenNot = left > 0 ? 1 + longestFrom(place + 1, paused, left - 1) : 0
    const longest = Math.max(whenPaused, whenNot)
    known.set(key, longest)
    return longest
  }
  return Math.max(...Array.from({ length }, (_, place) => longestFrom(place, 0, unbonding)))
}

test('the least delay is as long as leaving can take, whenever the guardian pauses', () => {
  for (let length = 1; length <= 7; length += 1)
    for (let maxPause = 0; maxPause < length; maxPause += 1)
      for (let unbonding = 1; unbonding <= 30; unbonding += 1) {
        const least = leastDelaySeconds({ unbonding, maxPause }, { length: BigInt(length) }, 1)
        expect([length, maxPause, unbonding, Number(least)]).toEqual([
          length,
          maxPause,
          unbonding,
          longestLeave(unbonding, length, maxPause),
        ])
      }
})

test.each([
  [96_000, 1_200, 7_200n, 117_600n],
  [100_800, 1_200, 7_200n, 122_400n],
  [120, 2, 24n, 134n],
])('unbonding of %i with pauses of %i in epochs of %i needs %i blocks', (unbonding, maxPause, length, blocks) => {
  expect(leastDelaySeconds({ unbonding, maxPause }, { length }, 1)).toBe(blocks)
})

test.each(Object.entries(deploymentProfiles))('the delay of the profile %s is long enough', (_, profile) => {
  const { parameters, epochs, secondsPerBlock, delaySeconds } = profile
  expect(delaySeconds).toBeGreaterThanOrEqual(leastDelaySeconds(parameters, epochs, secondsPerBlock))
  expect(parameters.margin).toBeGreaterThan(0)
  expect(4 * Number(epochs.length) + parameters.slasherDelay).toBeLessThanOrEqual(
    parameters.unbonding - parameters.margin,
  )
})
