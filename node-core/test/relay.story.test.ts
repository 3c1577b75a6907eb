/** Two nodes, one of them the relay: operators of the other attest through its public door, past whatever stands between. */

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { attestationRelayAbi } from '@emerald/contracts/abi.generated.ts'
import { createPublicClient, http, parseEventLogs } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPublicDoor } from '../src/api/public-door.ts'
import type { Hex } from '../src/base/hex.ts'
import { actors } from '../src/devnet/actors.ts'
import { type PreparedChain, prepareChain } from '../src/devnet/prepare-chain.ts'
import { bitsOf } from '../src/domain/post.ts'
import { type Engine, openEngine } from '../src/engine.ts'
import type { EngineOptions } from '../src/engine-options.ts'
import { openProverPool } from '../src/kzg/prover-pool.ts'
import { type HostileRelay, openHostileRelay } from '../src/relay/hostile-relay.fixture.ts'
import { nullLog } from '../src/telemetry/log.ts'
import { nullMetrics } from '../src/telemetry/metrics.ts'
import { createTempHome } from './support/temp-home.ts'
import { startTestChain, type TestChain } from './support/test-anvil.ts'
import { until } from './support/until.ts'

const resources = new AsyncDisposableStack()
const home = resources.use(createTempHome())
const prover = resources.use(openProverPool({ workers: 1, maxQueued: 256, taskTimeoutMs: 60_000 }))
let chain: TestChain
let prepared: PreparedChain
let relayNode: Engine
let operatorNode: Engine
let path: HostileRelay

function open(
  name: string,
  own: Pick<EngineOptions, 'operatorKeys' | 'publisherKey' | 'relayUrls' | 'peers'> & {
    relayKey?: EngineOptions['publisherKey']
  },
) {
  const options = {
    dataDirectory: join(home.path, name),
    rpcUrls: [chain.url],
    headUrls: [],
    blockMs: 1_000,
    deployment: prepared.deployment,
    isNewChain: false,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    proverWorkers: 1,
    uploadMaxBytes: 1_048_576,
    fetchTimeoutMs: 30_000,
    keepMs: 604_800_000,
    audits: { everyMs: 86_400_000, bytesPerSecond: 10_485_760 },
    maxFeePerGasWei: 200_000_000_000n,
    pollMs: 20,
    log: nullLog,
    metrics: nullMetrics,
  }
  return openEngine({ ...options, ...own }, { prover })
}

const openRelayNode = (peers: readonly string[]) =>
  open('relay', {
    operatorKeys: [actors.operator(0)],
    publisherKey: actors.publisher(),
    relayKey: actors.relay(),
    relayUrls: [],
    peers,
  })

/** Three operators; any two of them are a quorum. */
beforeAll(async () => {
  chain = resources.use(await startTestChain({ mining: 'manual' }))
  prepared = await prepareChain([chain.url], 3, undefined)
  relayNode = await openRelayNode([])
  resources.defer(() => relayNode[Symbol.asyncDispose]())
  const door = resources.use(
    await openPublicDoor({
      relay: () => relayNode.relay,
      port: 0,
      isBehindProxy: false,
      log: nullLog,
      metrics: nullMetrics,
    }),
  )
  path = resources.use(await openHostileRelay(() => door.url))
  operatorNode = resources.use(
    await open('operator', {
      operatorKeys: [actors.operator(1), actors.operator(2)],
      publisherKey: actors.neighbour(),
      relayUrls: [path.url],
      peers: relayNode.blocks.addresses,
    }),
  )
}, 120_000)
afterAll(() => resources.disposeAsync())

async function mineUntil<T>(what: string, look: () => T | undefined, maxBlocks: number): Promise<T> {
  for (let mined = 0; mined < maxBlocks; mined += 1) {
    const found = look()
    if (found !== undefined) return found
    await chain.mine(1)
    const block = await chain.blockNumber()
    const isQuiet = () =>
      [relayNode, operatorNode].every(
        each => (each.follower.head()?.number ?? 0) >= block && each.custody.runningCount() === 0,
      )
    await until('both nodes to be done with the block', isQuiet, 10_000)
  }
  throw new Error(`no ${what} within ${maxBlocks} blocks`)
}

async function publish(): Promise<Hex> {
  const bytes = randomBytes(50_000)
  const { uploads, publisher, jobs } = relayNode
  const { uploadId } = await uploads.begin({ fileName: 'data.bin', contentType: '', byteLength: bytes.length })
  await uploads.append(uploadId, 0, bytes)
  const { jobId } = await publisher.publish(uploadId, 100)
  return mineUntil('post', () => jobs.get(jobId).result?.postId as Hex | undefined, 20) // as `publishFile` gives it
}

const attestersOf = (postId: Hex): number[] | undefined => {
  const attestation = operatorNode.store.posts.get(postId)?.attestation
  return attestation == null ? undefined : bitsOf(attestation.attesters)
}

async function submitterOf(postId: Hex): Promise<string> {
  const client = createPublicClient({ transport: http(chain.url), cacheTime: 0 })
  const logs = await client.getLogs({ address: prepared.deployment.attestationRelay, fromBlock: 0n })
  const attested = parseEventLogs({ abi: attestationRelayAbi, eventName: 'PostAttested', logs })
  const hash = attested.find(each => each.args.postId === postId)?.transactionHash
  if (hash === undefined) throw new Error('no such attestation')
  const { from, to } = await client.getTransaction({ hash })
  expect(to?.toLowerCase()).toBe(prepared.deployment.attestationRelay.toLowerCase())
  return from.toLowerCase()
}

const submissionsOf = ({ store }: Engine): number =>
  Number(
    store.db.prepare<[], { n: number }>("SELECT count(*) AS n FROM transactions WHERE key LIKE 'attest:%'").get()?.n,
  )

test('what was lost on the way, and what was collected before a restart, is on chain in the end, once', async () => {
  path.behave(['drop'])
  const postId = await publish()
  const held = () => operatorNode.store.signedAttestations.ofPost(postId).length === 2 || undefined
  await mineUntil('signatures', held, 10)
  const collected = () => relayNode.store.collectedAttestations.ofPost(postId).map(each => each.operator)
  path.behave(['drop', 'highS', 'down', 'drop'])
  await mineUntil('attestation', () => collected().length === 2 || undefined, 10)
  await relayNode[Symbol.asyncDispose]()
  const signedBefore = operatorNode.store.signedAttestations.ofPost(postId)
  path.behave(['duplicate', 'compact'])
  relayNode = await openRelayNode(operatorNode.blocks.addresses)
  expect(await mineUntil('quorum', () => attestersOf(postId), 20)).toEqual([0, 1, 2])
  expect(await submitterOf(postId)).toBe(actors.relay().address)
  expect(operatorNode.store.signedAttestations.ofPost(postId)).toEqual(signedBefore)
  expect(submissionsOf(relayNode)).toBe(1)
})

test('when all relays are silent for good, a node whose own operators are a quorum submits by itself', async () => {
  path.behave(['drop'])
  const postId = await publish()
  expect(await mineUntil('quorum', () => attestersOf(postId), 60)).toEqual([1, 2])
  expect(await submitterOf(postId)).toBe(actors.operator(1).address)
})
