/** Several posts: what an operator has to prove at once goes out together, also when the node is killed in between. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandOutput } from '../src/contract/cli.ts'
import type { Challenge } from '../src/contract/shapes.ts'
import { runCommand } from './support/command.ts'
import { isCallOf, isSendingOf } from './support/custody-calls.ts'
import { readCustodyChain } from './support/custody-chain.ts'
import { type Hold, openRpcGate, type RpcGate } from './support/rpc-gate.ts'
import { startNode, type TestNode } from './support/start-node.ts'
import { expectNoMiss, mineUntil, provenCount, publish, writeRandomFile } from './support/stories.ts'
import { createTempHome } from './support/temp-home.ts'
import { startTestChain, type TestChain } from './support/test-anvil.ts'

const POINTS: readonly [string, Hold][] = [
  ['before the batch is proven', { matches: isCallOf('challengeOf'), isPassedOn: false }],
  ['before the batch is signed', { matches: isCallOf('proveBatch'), isPassedOn: false }],
  ['after the batch is stored, before it is sent', { matches: isSendingOf('proveBatch'), isPassedOn: false }],
  ['after the batch is sent, before the answer', { matches: isSendingOf('proveBatch'), isPassedOn: true }],
]

const OPERATORS = 2
/** Of one, of two and of six blobs: challenged on 1, 2 and 4 of them. */
const SIZES = [100_000, 200_000, 700_000]

const resources = new AsyncDisposableStack()
const home = resources.use(createTempHome())
let chain: TestChain
let gate: RpcGate
let postIds: string[]
let node: TestNode

const start = () =>
  startNode({
    home: home.path,
    profile: 'anvil',
    // The test decides when a block comes.
    env: { EMERALD_RPC_URL: gate.url, EMERALD_OPERATORS: String(OPERATORS), EMERALD_BLOCK_SECONDS: '60' },
  })

const provenOfAll = async (): Promise<number> => {
  const counts = await Promise.all(postIds.map(postId => provenCount(node, postId)))
  return Math.min(...counts)
}

beforeAll(async () => {
  chain = resources.use(await startTestChain({ mining: 'manual' }))
  gate = resources.use(await openRpcGate(chain.url))
  node = await start()
  resources.defer(() => node[Symbol.asyncDispose]())
  postIds = []
  for (const [at, size] of SIZES.entries()) {
    const publishing = publish(home.path, 'anvil', writeRandomFile(home.path, `data-${at}.bin`, size))
    let isOver = false
    const over = (): void => {
      isOver = true
    }
    publishing.then(over, over)
    await mineUntil('the post', chain, node, () => isOver)
    postIds.push(await publishing)
  }
  await mineUntil('the first epoch of all', chain, node, async () => (await provenOfAll()) >= OPERATORS)
}, 120_000)

afterAll(() => resources.disposeAsync())

test.each(POINTS)('killed %s, it proves all within the window once it is back', async (_, hold) => {
  const provenBefore = await provenOfAll()
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
  await mineUntil('the proofs', chain, node, async () => (await provenOfAll()) >= provenBefore + OPERATORS)
  await expectNoMiss(node)
})

test('every challenge has one proof and was sent once, those of one operator and epoch in one transaction', async () => {
  const items: Challenge[] = []
  for (const postId of postIds)
    items.push(...(await node.client.challenges.list({ postId, state: 'proven', limit: 200 })).items)
  const custody = readCustodyChain(chain.url, join(home.path, 'anvil'))
  const sent = await custody.proveTransactions()
  const ids = items.map(each => each.id).sort()
  expect((await custody.acceptedProofs()).map(each => each.id).sort()).toEqual(ids)
  expect(sent.map(each => each.id).sort()).toEqual(ids)
  expect(sent.filter(each => !each.isSuccess)).toEqual([])
  const ofAll = Map.groupBy(items, each => each.epoch)
  const together = [...ofAll.values()].filter(each => each.length === SIZES.length * OPERATORS)
  expect(together.length).toBeGreaterThan(POINTS.length)
  for (const challenges of together)
    for (let operator = 0; operator < OPERATORS; operator += 1) {
      const own = challenges.filter(each => each.operator === operator).map(each => each.id)
      const transactions = sent.filter(each => own.includes(each.id))
      expect(new Set(transactions.map(each => each.hash)).size).toBe(1)
      expect(transactions.every(each => each.functionName === 'proveBatch')).toBe(true)
    }
  expect(items.every(each => !together.flat().includes(each) || each.isBatched)).toBe(true)
})

test('the bundle of a batched answer holds its own opening, and the chain tells of the batch', async () => {
  const proof = (await node.client.proofs.list({ limit: 200 })).items.find(each => each.k === 4 && each.batchSize > 1)
  expect(proof).toMatchObject({ batchSize: SIZES.length, y: null, proof: null })
  const file = join(home.path, 'bundle.json')
  const exported = await runCommand(['proofs', '--profile', 'anvil', '--export', String(proof?.id), file, '--json'], {
    home: home.path,
  })
  expect(exported.code).toBe(0)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ z: proof?.z, indexes: { length: 4 } })
  const verified = await runCommand(['proof', 'verify', file, '--rpc', chain.url, '--json'], { home: home.path })
  const { ok, checks } = commandOutput['proof verify'].parse(verified.json)
  expect([ok, checks.every(check => check.ok)]).toEqual([true, true])
  expect(checks.slice(-4).map(check => check.name)).toEqual(['chain', 'contracts', 'accepted', 'acceptedInBatch'])
})
