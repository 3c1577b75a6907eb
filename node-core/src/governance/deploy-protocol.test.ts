/** Deploying on a chain that is not local: step by step, cut short, and gone on with. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestClient, createWalletClient, http, type TestClient, zeroAddress } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeRevert } from '../chain/describe-revert.ts'
import { actors } from '../devnet/actors.ts'
import { startTestAnvil, type TestAnvil } from '../devnet/anvil.fixture.ts'
import { chooseOptions } from './choose-options.ts'
import { type ConnectedChain, connectChain } from './connect-chain.ts'
import { type DeployRequest, deployProtocol } from './deploy-protocol.ts'
import { journalPath, readDeployment } from './deployment-file.ts'

const SEPOLIA = 11_155_111
const SAFE = '0x5afe000000000000000000000000000000000001'

let anvil: TestAnvil
let connected: ConnectedChain
let directory: string
let out: string
let miner: TestClient<'anvil'>

beforeAll(async () => {
  anvil = await startTestAnvil({ chainId: SEPOLIA })
  connected = await connectChain(anvil.url)
  miner = createTestClient({ mode: 'anvil', transport: http(anvil.url) })
  await miner.setAutomine(true)
  await miner.setCode({ address: SAFE, bytecode: '0x00' })
  directory = mkdtempSync(join(tmpdir(), 'emerald-deploy-'))
})
afterAll(async () => {
  await anvil[Symbol.asyncDispose]()
  rmSync(directory, { recursive: true, force: true })
})
let runs = 0
beforeEach(() => {
  runs += 1
  out = join(directory, `${runs}.json`)
})

const request = (more: Partial<DeployRequest> = {}): DeployRequest => ({
  options: chooseOptions(
    SEPOLIA,
    {
      profile: 'public',
      safe: SAFE,
      guardian: actors.guardian().address,
      treasury: actors.treasury().address,
      relays: [actors.relay().address],
      delaySeconds: undefined,
      out,
    },
    {
      owners: [SAFE, SAFE, SAFE],
      guardian: SAFE,
      treasury: SAFE,
      relay: SAFE,
    },
  ),
  leadBlocks: 100n,
  account: privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'),
  out,
  onPlan: () => undefined,
  onStep: () => undefined,
  describeRevert,
  isDryRun: false,
  ...more,
})

const cutShortAfter = (steps: number): Partial<DeployRequest> => ({
  onStep: (_, done) => {
    if (done === steps) throw new Error('the power went out')
  },
})

test('a dry run says all and leaves nothing', async () => {
  const head = await connected.client.getBlockNumber()
  const plans: number[] = []
  const { plan } = await deployProtocol(
    connected,
    request({ isDryRun: true, onPlan: ({ steps }) => plans.push(steps.length) }),
  )
  expect(plans).toEqual([plan.steps.length])
  expect(await connected.client.getBlockNumber()).toBe(head)
  expect([existsSync(out), existsSync(journalPath(out))]).toEqual([false, false])
})

test('a run that was cut short goes on when it is repeated', { timeout: 120_000 }, async () => {
  await expect(deployProtocol(connected, request(cutShortAfter(4)))).rejects.toThrow('the power went out')
  expect([existsSync(out), existsSync(journalPath(out))]).toEqual([false, true])

  const resumed: boolean[] = []
  const done: number[] = []
  await deployProtocol(
    connected,
    request({ onPlan: (_, isResumed) => resumed.push(isResumed), onStep: (_, step) => done.push(step) }),
  )
  expect(resumed).toEqual([true])
  expect(done[0]).toBe(5)
  expect(await readDeployment(out)).toMatchObject({ chainId: SEPOLIA, multisig: expect.stringMatching(/^0x5afe/i) })
  expect(existsSync(journalPath(out))).toBe(false)
})

test('it does not go on with other options', { timeout: 120_000 }, async () => {
  await expect(deployProtocol(connected, request(cutShortAfter(2)))).rejects.toThrow('the power went out')
  const journal = readFileSync(journalPath(out), 'utf8')
  const { options } = request()
  const other = { ...options, treasury: actors.publisher().address }
  await expect(deployProtocol(connected, request({ options: other }))).rejects.toMatchObject({
    code: 'DEPLOYMENT_INTERRUPTED',
  })
  expect(readFileSync(journalPath(out), 'utf8')).toBe(journal)
})

test('a deployment that is there is not made again, nor is any other file written over', async () => {
  await expect(deployProtocol(connected, request({ out: join(directory, '2.json') }))).rejects.toMatchObject({
    code: 'FILE_EXISTS',
    data: { reason: expect.stringContaining('complete deployment') },
  })
  writeFileSync(out, 'mine')
  await expect(deployProtocol(connected, request())).rejects.toMatchObject({
    code: 'FILE_EXISTS',
    data: { reason: expect.not.stringContaining('complete') },
  })
})

test('a transaction that waits is no reason to begin anew: it is said, and the plan stays', {
  timeout: 120_000,
}, async () => {
  await expect(deployProtocol(connected, request(cutShortAfter(1)))).rejects.toThrow('the power went out')
  const journal = readFileSync(journalPath(out), 'utf8')
  await miner.setAutomine(false)
  try {
    await createWalletClient({ account: request().account, transport: http(anvil.url) }).sendTransaction({
      chain: null,
      to: SAFE,
    })
    await expect(deployProtocol(connected, request())).rejects.toMatchObject({ code: 'DEPLOYMENT_WAITING' })
  } finally {
    await miner.setAutomine(true)
  }
  expect(readFileSync(journalPath(out), 'utf8')).toBe(journal)
})

test('what the contracts would refuse is said before anything is paid for, also by a dry run', async () => {
  const { options, account } = request()
  const nonce = await connected.client.getTransactionCount({ address: account.address })
  for (const isDryRun of [true, false])
    await expect(
      deployProtocol(connected, request({ isDryRun, options: { ...options, treasury: zeroAddress } })),
    ).rejects.toMatchObject({
      code: 'TRANSACTION_FAILED',
      data: { part: 'operatorStake', reason: expect.stringContaining('InvalidStakeParameters') },
    })
  expect(await connected.client.getTransactionCount({ address: account.address })).toBe(nonce)
  expect(existsSync(journalPath(out))).toBe(false)
})

/** The account, whose money is gone at its signature number `turn`. */
function spentAt(turn: number): PrivateKeyAccount {
  const { account } = request()
  let signed = 0
  const signTransaction: typeof account.signTransaction = async (...args) => {
    signed += 1
    if (signed === turn) await miner.setBalance({ address: account.address, value: 1n })
    return account.signTransaction(...args)
  }
  return { ...account, signTransaction }
}

test('money that runs out on the way is named with its part, and the rest follows once there is more', {
  timeout: 120_000,
}, async () => {
  const { address } = request().account
  const value = await connected.client.getBalance({ address })
  const error = await deployProtocol(connected, request({ account: spentAt(4) })).catch(cause => cause)
  expect(error).toMatchObject({
    code: 'TRANSACTION_FAILED',
    data: { part: expect.any(String), reason: expect.stringContaining('balance') },
  })
  expect(JSON.stringify(error.data).length).toBeLessThan(400)
  expect(existsSync(journalPath(out))).toBe(true)
  await expect(deployProtocol(connected, request())).rejects.toMatchObject({ code: 'BALANCE_TOO_LOW' })
  await miner.setBalance({ address, value })
  await deployProtocol(connected, request())
  expect(existsSync(out)).toBe(true)
})

test('nothing stays behind when the first transaction is refused', async () => {
  const { address } = request().account
  const value = await connected.client.getBalance({ address })
  await expect(deployProtocol(connected, request({ account: spentAt(1) }))).rejects.toMatchObject({
    code: 'TRANSACTION_FAILED',
  })
  await miner.setBalance({ address, value })
  expect(existsSync(journalPath(out))).toBe(false)
})

test('what the contracts refuse comes with its code', async () => {
  const { options } = request()
  const hasty = { ...options, governance: { ...options.governance, delaySeconds: 60n } }
  await expect(deployProtocol(connected, request({ options: hasty }))).rejects.toMatchObject({
    code: 'DELAY_TOO_SHORT',
    data: { delaySeconds: 60 },
  })
})
