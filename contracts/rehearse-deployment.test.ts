// A deployment is rehearsed on the chain's own state: what would be refused shows before anything is sent.
import { zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Chain, deployer, optionsOf, startChain } from './chain.fixture.ts'
import { planFromHere, sendDeployment } from './deploy.ts'
import type { DeploymentPlan } from './plan-deployment.ts'
import { rehearseDeployment } from './rehearse-deployment.ts'

let chain: Chain
beforeAll(async () => {
  chain = await startChain()
})
afterAll(() => chain[Symbol.asyncDispose]())

const nonce = (): Promise<number> => chain.publicClient.getTransactionCount({ address: deployer.address })

test('what a constructor or an initialisation refuses is named with its part, and nothing is sent', async () => {
  const plan = await planFromHere({ ...optionsOf(), treasury: zeroAddress }, chain)
  await expect(rehearseDeployment(plan, chain.publicClient)).rejects.toMatchObject({
    code: 'TRANSACTION_FAILED',
    data: { part: 'operatorStake', reason: expect.stringContaining('reverted') },
  })
  expect(await nonce()).toBe(0)
})

test.each(['demo', 'public'] as const)(
  'the gas it says is nearly what the profile %s takes, and never more',
  async profile => {
    const plan = await planFromHere(optionsOf(profile), chain)
    const leastGas = await rehearseDeployment(plan, chain.publicClient)
    const gas = await gasOf(plan)
    expect(leastGas).toBeLessThanOrEqual(gas)
    expect(Number(leastGas)).toBeGreaterThan(0.8 * Number(gas))
  },
)

test('only what is left is rehearsed', async () => {
  const plan = await planFromHere(optionsOf(), chain)
  const whole = await rehearseDeployment(plan, chain.publicClient)
  await sendDeployment({ ...plan, steps: plan.steps.slice(0, 12) }, chain)
  const rest = await rehearseDeployment(plan, chain.publicClient)
  expect(rest).toBeGreaterThan(0n)
  expect(rest).toBeLessThan(whole / 2n)
})

async function gasOf(plan: DeploymentPlan): Promise<bigint> {
  await sendDeployment(plan, chain)
  const head = await chain.publicClient.getBlockNumber()
  let gas = 0n
  for (let number = plan.deployment.startBlock; number <= head; number += 1n)
    gas += (await chain.publicClient.getBlock({ blockNumber: number })).gasUsed
  return gas
}
