/** The node is killed in the middle of a challenge, at each point where it matters; nothing is lost and nothing is sent twice. */

import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isCallOf, isSendingOf } from './support/custody-calls.ts'
import { readCustodyChain } from './support/custody-chain.ts'
import { type Hold, openRpcGate, type RpcGate } from './support/rpc-gate.ts'
import { startNode, type TestNode } from './support/start-node.ts'
import { expectNoMiss, mineUntil, provenCount, publish, untilProven, writeRandomFile } from './support/stories.ts'
import { createTempHome } from './support/temp-home.ts'
import { startTestChain, type TestChain } from './support/test-anvil.ts'

const POINTS: readonly [string, Hold][] = [
  ['after the seed, before anything is proven', { matches: isCallOf('challengeOf'), isPassedOn: false }],
  ['after the proof is stored', { matches: isCallOf('proveFolded'), isPassedOn: false }],
  ['after the transaction is stored, before it is sent', { matches: isSendingOf('proveFolded'), isPassedOn: false }],
  ['after the transaction is sent, before the answer', { matches: isSendingOf('proveFolded'), isPassedOn: true }],
]

const OPERATORS = 2
const resources = new AsyncDisposableStack()
const home = resources.use(createTempHome())
const dataDirectory = join(home.path, 'anvil')
let chain: TestChain
let gate: RpcGate
let postId: string
let node: TestNode

const start = () =>
  startNode({
    home: home.path,
    profile: 'anvil',
    // The test decides when a block comes.
    env: { EMERALD_RPC_URL: gate.url, EMERALD_OPERATORS: String(OPERATORS), EMERALD_BLOCK_SECONDS: '60' },
  })

beforeAll(async () => {
  chain = resources.use(await startTestChain({ mining: 'manual' }))
  gate = resources.use(await openRpcGate(chain.url))
  node = await start()
  resources.defer(() => node[Symbol.asyncDispose]())
  const publishing = publish(home.path, 'anvil', writeRandomFile(home.path, 'data.bin', 300_000))
  let isOver = false
  const over = (): void => {
    isOver = true
  }
  publishing.then(over, over)
  await mineUntil('the post', chain, node, () => isOver)
  postId = await publishing
  await mineUntil('the first epoch', chain, node, async () => (await provenCount(node, postId)) >= OPERATORS)
})

afterAll(() => resources.disposeAsync())

test.each(POINTS)('killed %s, it proves within the window once it is back', async (_, hold) => {
  const provenBefore = await provenCount(node, postId)
  let isHeld = false
  const held = gate.hold(hold).then(() => {
    isHeld = true
  })
  await mineUntil('the point', chain, node, () => isHeld)
  await held
  expect(await node.kill('SIGKILL')).toMatchObject({ signal: 'SIGKILL' })
  gate.open()
  await chain.mine(2) // the chain doesn't wait
  node = await start()
  await mineUntil('the proofs', chain, node, async () => (await provenCount(node, postId)) >= provenBefore + OPERATORS)
  await expectNoMiss(node)
})

test('the chain has one proof for each challenge, each within its window, and no other attempt at one', async () => {
  const challenges = await untilProven(node, postId, OPERATORS * (POINTS.length + 1))
  const custody = readCustodyChain(chain.url, dataDirectory)
  const accepted = await custody.acceptedProofs()
  const sent = await custody.proveTransactions()
  expect(accepted.map(each => each.id).sort()).toEqual(challenges.map(each => each.id).sort())
  expect(sent.map(each => each.id).sort()).toEqual(challenges.map(each => each.id).sort())
  expect(sent.filter(each => !each.isSuccess)).toEqual([])
  for (const { id, deadlineBlock } of challenges)
    expect(accepted.find(each => each.id === id)?.blockNumber).toBeLessThanOrEqual(deadlineBlock)
  for (let operator = 0; operator < OPERATORS; operator += 1) expect(await custody.unminedNonces(operator)).toBe(0)
  expect(await chain.request('txpool_status')).toEqual({ pending: '0x0', queued: '0x0' })
})
