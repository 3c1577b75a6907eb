// A deployment that was cut short goes on where it stopped, or says why it cannot.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Chain, deployer, optionsOf, startChain, treasury } from './chain.fixture.ts'
import { planFromHere, sendDeployment } from './deploy.ts'
import type { DeploymentPlan } from './plan-deployment.ts'
import { verifyDeployment } from './verify-deployment.ts'

let chain: Chain
let snapshot: `0x${string}`

beforeAll(async () => {
  chain = await startChain()
})
afterAll(() => chain[Symbol.asyncDispose]())
beforeEach(async () => {
  if (snapshot !== undefined) await chain.testClient.revert({ id: snapshot })
  snapshot = await chain.testClient.snapshot()
})

const upTo = (plan: DeploymentPlan, steps: number): DeploymentPlan => ({ ...plan, steps: plan.steps.slice(0, steps) })

test('what is done is left alone, and the rest follows', async () => {
  const plan = await planFromHere(optionsOf(), chain)
  await sendDeployment(upTo(plan, 6), chain)
  const parts: string[] = []
  await sendDeployment(plan, chain, ({ part }) => parts.push(part))
  expect(parts).toEqual(plan.steps.slice(6).map(({ part }) => part))
  expect((await verifyDeployment(chain.publicClient, plan.deployment)).filter(each => !each.ok)).toEqual([])
  expect(await chain.publicClient.getTransactionCount({ address: deployer.address })).toBe(plan.steps.length)
})

test('a deployment that is complete sends nothing', async () => {
  const plan = await planFromHere(optionsOf(), chain)
  await sendDeployment(plan, chain)
  const head = await chain.publicClient.getBlockNumber()
  expect(await sendDeployment(plan, chain)).toEqual(plan.deployment)
  expect(await chain.publicClient.getBlockNumber()).toBe(head)
})

test('a nonce that went into something else cannot be made up for', async () => {
  const plan = await planFromHere(optionsOf(), chain)
  await sendDeployment(upTo(plan, 2), chain)
  await chain.publicClient.waitForTransactionReceipt({
    hash: await chain.walletClient.sendTransaction({ to: treasury, value: 1n }),
  })
  const { part, address } = plan.steps[2] ?? {}
  await expect(sendDeployment(plan, chain)).rejects.toMatchObject({
    code: 'DEPLOYMENT_INTERRUPTED',
    data: { part, address, nonce: 3 },
  })
})

test('a plan for a nonce that is not there yet is not begun', async () => {
  const plan = await planFromHere(optionsOf(), chain)
  await expect(sendDeployment({ ...plan, firstNonce: 1 }, chain)).rejects.toMatchObject({
    code: 'DEPLOYMENT_INTERRUPTED',
    data: { firstNonce: 1, nonce: 0 },
  })
})

test('transactions that are on their way are waited for by nobody: the caller is told', async () => {
  const plan = await planFromHere(optionsOf(), chain)
  await chain.testClient.setAutomine(false)
  try {
    await chain.walletClient.sendTransaction({ to: treasury, value: 1n })
    await expect(sendDeployment(plan, chain)).rejects.toMatchObject({
      code: 'DEPLOYMENT_WAITING',
      data: { nonce: 0, pendingNonce: 1 },
    })
  } finally {
    await chain.testClient.setAutomine(true)
  }
})

test('a transaction that reverts is named', async () => {
  const plan = await planFromHere(optionsOf(), chain)
  const steps = plan.steps.map(step => (step.part === 'seedBeacon' ? { ...step, data: '0x60006000fd' as const } : step))
  await expect(sendDeployment({ ...plan, steps }, chain)).rejects.toMatchObject({
    code: 'TRANSACTION_FAILED',
    data: { part: 'seedBeacon' },
  })
})

test('a transaction that the chain does not take is named, in few words', async () => {
  const plan = await planFromHere(optionsOf(), chain)
  await chain.testClient.setBalance({ address: deployer.address, value: 1n })
  const error = await sendDeployment(plan, chain).catch(cause => cause)
  expect(error).toMatchObject({
    code: 'TRANSACTION_FAILED',
    data: { part: plan.steps[0]?.part, reason: expect.stringContaining('exceeds the balance') },
  })
  expect(error.data.reason.length).toBeLessThan(300)
})
