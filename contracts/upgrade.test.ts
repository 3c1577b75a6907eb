// Rehearses an upgrade of every proxy on a real chain, through multisig and timelock, and the way back.
import { type Address, encodeFunctionData, getAddress, type Hex, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operatorStakeAbi, seedBeaconAbi } from './abi.generated.ts'
import { accountOf, type Chain, deployer, guardian, optionsOf, startChain } from './chain.fixture.ts'
import { deployContracts } from './deploy.ts'
import type { Deployment } from './deployments.ts'
import { executeAsAdmin, passDelay, scheduleAsAdmin } from './governance.fixture.ts'
import { finaliseSeed, type History, makeHistory, readState, write } from './history.fixture.ts'
import { compileNext, type NextCode, nextAbi, type ProxyName, proxies } from './next-version.fixture.ts'
import { verifyDeployment } from './verify-deployment.ts'

const upgradeAbi = parseAbi(['function upgradeToAndCall(address, bytes) payable'])

type State = Awaited<ReturnType<typeof readState>>
let chain: Chain
let deployment: Deployment
let history: History
let before: State
let next: Readonly<Record<ProxyName, Address>>
let nextCode: Readonly<Record<ProxyName, NextCode>>
/** Calls that wait for their upgrade. */
const waysBack: Parameters<typeof executeAsAdmin>[2][] = []
let former: Readonly<Record<ProxyName, Address>>

beforeAll(async () => {
  chain = await startChain()
  deployment = await deployContracts({ ...chain, ...optionsOf() })
  history = await makeHistory(chain, deployment)
  before = await readState(chain, deployment, history)
  former = await forEachProxy(implementationOf)
  nextCode = compileNext(deployment.libraries)
  next = await forEachProxy(proxy => create(nextCode[proxy].code))
}, 180_000)

afterAll(() => chain[Symbol.asyncDispose]())

test('the history has something in every place', () => {
  expect(before.post.missed).toBe(1n << BigInt(before.challenges[0]?.stratum ?? Number.NaN))
  expect(before.epoch.epoch).toBe(1)
  expect(before.slashed).toBeGreaterThan(0n)
  expect(before.credit).toBeGreaterThan(0n)
  expect(before.exits.map(exit => exit.isLeaving)).toEqual([false, false, true])
  expect(before.waiting.registeredBlock).toBeGreaterThan(0)
})

describe.each(proxies)('%s', proxy => {
  test('nobody upgrades but the timelock', async () => {
    const { timelock, accessManager, multisig } = deployment
    for (const account of [deployer.address, guardian.address, multisig, accessManager, accountOf(5).address])
      await expect(simulateUpgrade(proxy, account)).rejects.toThrow(/0x068ca9d8/) // AccessManagedUnauthorized
    await expect(simulateUpgrade(proxy, timelock)).resolves.toBeDefined()
  })

  test('an upgrade waits for the delay, then keeps everything, and can do more', async () => {
    const call = upgradeCall(proxy, next[proxy])
    await expect(rehearsed(proxy)).rejects.toThrow()
    const after = await scheduleAsAdmin(chain, deployment, call)
    const wayBack = { ...upgradeCall(proxy, former[proxy]), after }
    await scheduleAsAdmin(chain, deployment, wayBack)
    await expect(executeAsAdmin(chain, deployment, call)).rejects.toThrow(/0x5ead8eb5/) // TimelockUnexpectedOperationState
    await passDelay(chain, deployment)
    await expect(executeAsAdmin(chain, deployment, wayBack)).rejects.toThrow(/0x90a9a618/) // TimelockUnexecutedPredecessor
    await executeAsAdmin(chain, deployment, call)
    waysBack.push(wayBack)
    expect(await implementationOf(proxy)).toBe(next[proxy])
    expect(await rehearsed(proxy)).toBe(2n)
    expect(await readState(chain, deployment, history)).toEqual(before)
  })

  test('neither the proxy nor its new code can be initialised', async () => {
    for (const address of [deployment[proxy], next[proxy]])
      await expect(simulateInitialize(proxy, address)).rejects.toThrow(/0xf92ee8a9/) // InvalidInitialization
  })
})

test('the upgrade is seen from outside', async () => {
  const differences = (await verifyDeployment(chain.publicClient, deployment)).filter(({ ok }) => !ok)
  expect(differences.map(({ name }) => name)).toEqual(
    expect.arrayContaining(proxies.map(proxy => `code of ${proxy} (implementation ${next[proxy]})`)),
  )
  expect(differences).toHaveLength(proxies.length)
})

test('after the upgrade the protocol goes on', async () => {
  const { operatorStake } = deployment
  await write(chain, 3, operatorStake, operatorStakeAbi, 'deposit', [0], 5n)
  const stakeOf = (operator: number) =>
    chain.publicClient.readContract({
      address: operatorStake,
      abi: operatorStakeAbi,
      functionName: 'stakeOf',
      args: [operator],
    })
  expect(await stakeOf(0)).toBe((before.stakes[0] ?? 0n) + 5n)
  await finaliseSeed(chain, deployment, await nextEpoch())
})

describe('rolled back at once, since the way back was scheduled with the upgrade', () => {
  let after: State
  beforeAll(async () => {
    after = await readState(chain, deployment, history)
    for (const wayBack of waysBack) await executeAsAdmin(chain, deployment, wayBack)
  })

  test('the former code is back, and keeps what the new one wrote', async () => {
    expect(await forEachProxy(implementationOf)).toEqual(former)
    for (const proxy of proxies) await expect(rehearsed(proxy)).rejects.toThrow()
    expect(await readState(chain, deployment, history)).toEqual(after)
    expect(after.stakes).not.toEqual(before.stakes)
    expect(after.epoch).not.toEqual(before.epoch)
  })

  test('nothing differs from the deployment', async () => {
    expect((await verifyDeployment(chain.publicClient, deployment)).filter(({ ok }) => !ok)).toEqual([])
  })
})

async function forEachProxy<T>(make: (proxy: ProxyName) => Promise<T>): Promise<Record<ProxyName, T>> {
  const made: [ProxyName, T][] = []
  for (const proxy of proxies) made.push([proxy, await make(proxy)])
  return Object.fromEntries(made) as Record<ProxyName, T> // an entry for each proxy
}

function upgradeCall(proxy: ProxyName, implementation: Address) {
  const data = encodeFunctionData({ abi: upgradeAbi, functionName: 'upgradeToAndCall', args: [implementation, '0x'] })
  return { target: deployment[proxy], data }
}

const simulateUpgrade = (proxy: ProxyName, account: Address) =>
  chain.publicClient.call({ account, to: deployment[proxy], data: upgradeCall(proxy, next[proxy]).data })

/** With zeros for arguments, which are a valid encoding of any: the check comes before they are looked at. */
function simulateInitialize(proxy: ProxyName, to: Address) {
  const data: Hex = `0x${nextCode[proxy].initializeSelector}${'00'.repeat(1_024)}`
  return chain.publicClient.call({ account: deployer.address, to, data })
}

const rehearsed = (proxy: ProxyName) =>
  chain.publicClient.readContract({ address: deployment[proxy], abi: nextAbi, functionName: 'rehearsed' })

async function implementationOf(proxy: ProxyName): Promise<Address> {
  const slot = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc'
  const word = await chain.publicClient.getStorageAt({ address: deployment[proxy], slot })
  return getAddress(`0x${word?.slice(-40)}`)
}

async function create(data: Hex): Promise<Address> {
  const hash = await chain.walletClient.sendTransaction({ data })
  const { contractAddress } = await chain.publicClient.waitForTransactionReceipt({ hash })
  if (!contractAddress) throw new Error('no contract was made')
  return getAddress(contractAddress)
}

async function nextEpoch(): Promise<number> {
  const head = await chain.publicClient.getBlockNumber()
  return chain.publicClient.readContract({
    address: deployment.seedBeacon,
    abi: seedBeaconAbi,
    functionName: 'nextEpochAt',
    args: [head],
  })
}
