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

/** Blocks that a pause can take while `unbonding` blocks pass that it does not, by trying every start. */
function worstPausedBlocks(unbonding: number, length: number, maxPause: number): number {
  let worst = 0
  for (let start = 0; start < length; start += 1) {
    let unpaused = 0
    let paused = 0
    for (let block = start; unpaused < unbonding; block += 1) {
      // The pause of an epoch lies at its end in the first epoch and at its start in all others: as bad as it gets.
      const inEpoch = block % length
      const isFirst = block < length
      const isPaused = isFirst ? inEpoch >= length - maxPause : inEpoch < maxPause
      if (isPaused) paused += 1
      else unpaused += 1
    }
    worst = Math.max(worst, paused)
  }
  return worst
}

test('the least delay covers unbonding however the guardian pauses', () => {
  for (const [unbonding, length, maxPause] of [
    [240, 24, 2],
    [100, 30, 20],
    [7, 10, 3],
    [60, 10, 0],
    [59, 10, 9],
  ] as const) {
    const least = leastDelaySeconds({ unbonding, maxPause }, { length: BigInt(length) }, 1)
    expect(Number(least)).toBeGreaterThanOrEqual(unbonding + worstPausedBlocks(unbonding, length, maxPause))
  }
})

test.each(Object.entries(deploymentProfiles))('the delay of the profile %s is long enough', (_, profile) => {
  const { parameters, epochs, secondsPerBlock, delaySeconds } = profile
  expect(delaySeconds).toBeGreaterThanOrEqual(leastDelaySeconds(parameters, epochs, secondsPerBlock))
  expect(parameters.margin).toBeGreaterThan(0)
  expect(4 * Number(epochs.length) + parameters.slasherDelay).toBeLessThanOrEqual(
    parameters.unbonding - parameters.margin,
  )
})
