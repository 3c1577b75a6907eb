/** What moves deadlines and ends duties on chain does so in the node: pauses, posts that are retired, operators that leave. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { custodyChallengesAbi, operatorStakeAbi, postRegistryAbi } from '@emerald/contracts/abi.generated.ts'
import { demoEpochs } from '@emerald/contracts/profiles.ts'
import { createPublicClient, createWalletClient, type Hex, http, parseEventLogs } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PUBLIC_TEST_MNEMONIC } from '../src/keys/local-key.ts'
import { startNode, type TestNode } from './support/start-node.ts'
import { expectNoMiss, mineUntil, provenCount, publish, writeRandomFile } from './support/stories.ts'
import { createTempHome } from './support/temp-home.ts'
import { startTestChain, type TestChain } from './support/test-anvil.ts'

const OPERATORS = 3
const EPOCH_BLOCKS = Number(demoEpochs.length)
/** Accounts of the public mnemonic, by what they do on a local chain. */
const PUBLISHER = 2
const GUARDIAN = 8
const FIRST_OPERATOR = 10

const resources = new AsyncDisposableStack()
const home = resources.use(createTempHome())
let chain: TestChain
let node: TestNode
let postId: Hex

beforeAll(async () => {
  chain = resources.use(await startTestChain({ mining: 'manual' }))
  // The test decides when a block comes.
  const env = { EMERALD_RPC_URL: chain.url, EMERALD_OPERATORS: String(OPERATORS), EMERALD_BLOCK_SECONDS: '60' }
  node = resources.use(await startNode({ home: home.path, profile: 'anvil', env }))
  const publishing = publish(home.path, 'anvil', writeRandomFile(home.path, 'data.bin', 300_000))
  let isOver = false
  const over = (): void => {
    isOver = true
  }
  publishing.then(over, over)
  await mineUntil('the post', chain, node, () => isOver)
  postId = (await publishing) as Hex // the command gives 0x hex
  await mineUntil('the first epoch', chain, node, async () => (await provenCount(node, postId)) >= OPERATORS)
}, 120_000)

afterAll(() => resources.disposeAsync())

const deployment = (): Record<'custodyChallenges' | 'operatorStake' | 'postRegistry', Hex> =>
  JSON.parse(readFileSync(join(home.path, 'anvil', 'chain.json'), 'utf8')).deployment
const reader = () => createPublicClient({ transport: http(chain.url), cacheTime: 0, pollingInterval: 50 })
const walletOf = (addressIndex: number) =>
  createWalletClient({
    chain: foundry,
    transport: http(chain.url),
    account: mnemonicToAccount(PUBLIC_TEST_MNEMONIC, { addressIndex }),
  })

/** Mines the transaction, and waits for the node to have seen its block. */
async function mined(hash: Promise<Hex>): Promise<void> {
  const sent = await hash
  const isThere = () =>
    reader()
      .getTransactionReceipt({ hash: sent })
      .then(Boolean, () => false)
  await mineUntil('the transaction', chain, node, isThere)
  expect(await reader().getTransactionReceipt({ hash: sent })).toMatchObject({ status: 'success' })
}

async function latestChallenges() {
  const { items } = await node.client.challenges.list({ postId, limit: 200 })
  const epoch = Math.max(...items.map(each => each.epoch))
  return { epoch, items: items.filter(each => each.epoch === epoch) }
}

/** The node derives for itself who is challenged for what, and by when; the contract must say the same. */
async function expectAsOnChain(): Promise<void> {
  const { epoch, items } = await latestChallenges()
  for (let operator = 0; operator < OPERATORS; operator += 1) {
    const said = await reader().readContract({
      address: deployment().custodyChallenges,
      abi: custodyChallengesAbi,
      functionName: 'challengeOf',
      args: [postId, epoch, operator],
    })
    const own = items.find(each => each.operator === operator)
    if (own === undefined) continue
    expect(said).toMatchObject({
      ...{ isChallenged: true, level: own.level, k: own.k, indexes: own.indexes, salt: own.salt },
      ...{ z: BigInt(own.z), gamma: BigInt(own.gamma), deadlineBlock: BigInt(own.deadlineBlock) },
    })
  }
}

const inNextEpoch = async (): Promise<number> => {
  const { epoch } = await latestChallenges()
  await mineUntil('the next epoch', chain, node, async () => (await latestChallenges()).epoch > epoch)
  return epoch + 1
}

test('a pause moves the deadlines of its epoch and of no other', async () => {
  await inNextEpoch()
  const before = (await latestChallenges()).items[0]?.deadlineBlock ?? 0
  const custody = { address: deployment().custodyChallenges, abi: custodyChallengesAbi } as const
  await mined(walletOf(GUARDIAN).writeContract({ ...custody, functionName: 'pause' }))
  const paused = await latestChallenges()
  expect(paused.items.map(each => each.deadlineBlock - before)).toEqual(paused.items.map(() => 2))
  await expectAsOnChain()
  await inNextEpoch()
  expect((await latestChallenges()).items[0]?.deadlineBlock).toBe(before + EPOCH_BLOCKS)
  await expectAsOnChain()
  await expectNoMiss(node)
})

test('an operator that announced its exit answers until it is gone, and is not challenged from then on', async () => {
  const operator = OPERATORS - 1
  const stake = { address: deployment().operatorStake, abi: operatorStakeAbi } as const
  await mined(
    walletOf(FIRST_OPERATOR + operator).writeContract({ ...stake, functionName: 'announceExit', args: [operator] }),
  )
  const { operators } = await node.client.node.facts()
  const exit = operators.find(each => each.index === operator)?.exit
  expect(exit).toMatchObject({ isEjection: false, isWithdrawn: false })
  const vacantFrom = exit?.vacantFromEpoch ?? 0
  for (let epoch = 0; epoch < vacantFrom; ) {
    epoch = await inNextEpoch()
    const challenged = (await latestChallenges()).items.map(each => each.operator)
    expect(challenged.includes(operator), `epoch ${epoch}`).toBe(epoch < vacantFrom)
    await expectAsOnChain()
  }
  const { items } = await latestChallenges()
  const isProven = async () => (await latestChallenges()).items.every(each => each.state === 'proven')
  await mineUntil('the proofs of those who are left', chain, node, isProven)
  expect(items).toHaveLength(OPERATORS - 1)
  await expectNoMiss(node)
})

test('a post that its publisher retires is not challenged from the next epoch on', async () => {
  const registry = { address: deployment().postRegistry, abi: postRegistryAbi } as const
  const logs = await reader().getLogs({ address: registry.address, fromBlock: 0n })
  const [registered] = parseEventLogs({ abi: postRegistryAbi, eventName: 'PostRegistered', logs })
  if (registered === undefined) throw new Error('no registration')
  await mined(walletOf(PUBLISHER).writeContract({ ...registry, functionName: 'retire', args: [registered.args] }))
  const { epoch } = await latestChallenges()
  const post = await node.client.posts.get({ postId })
  expect(post).toMatchObject({ state: 'attested', endEpoch: epoch + 1 })
  const hasEnded = async () => (await node.client.posts.get({ postId })).state === 'ended'
  await mineUntil('the end', chain, node, hasEnded)
  await chain.mine(30)
  await mineUntil('an epoch more', chain, node, async () => {
    const overview = await node.client.node.overview({})
    return (overview.epoch?.number ?? 0) > epoch + 1 && overview.epoch?.isSeedKnown === true
  })
  expect((await latestChallenges()).epoch).toBe(epoch)
  await expectNoMiss(node)
})
