/** A whole network on one machine: a local chain, this node with its operators, and a neighbour's node that really is another. */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPublicClient, createTestClient, fallback, http, type PublicClient } from 'viem'
import { systemClock } from './base/clock.ts'
import { ACCOUNTS, actors } from './devnet/actors.ts'
import { type BlockProducer, startBlockProducer } from './devnet/block-producer.ts'
import { type PreparedChain, prepareChain } from './devnet/prepare-chain.ts'
import { startAnvil } from './devnet/start-anvil.ts'
import { type Engine, openEngine } from './engine.ts'
import type { EngineOptions } from './engine-options.ts'
import type { Prover } from './kzg/prover.ts'
import { openProverPool } from './kzg/prover-pool.ts'
import type { Log } from './telemetry/log.ts'
import { type Metrics, nullMetrics } from './telemetry/metrics.ts'

export type LocalNetworkOptions = {
  readonly dataDirectory: string
  /** In order of preference. Empty: start a chain of our own and forget it at the end. */
  readonly rpcUrls: readonly string[]
  /** WebSocket addresses of the same chain, which tell of new heads. A chain of our own tells by its own. */
  readonly headUrls: readonly string[]
  /** Other nodes' relays, in place of one of this node's own. */
  readonly relayUrls: readonly string[]
  /** As in `EngineOptions`; for this node only. */
  readonly blockSources?: EngineOptions['blockSources']
  readonly audits: EngineOptions['audits']
  readonly keepMs: number
  readonly operators: number
  readonly blockMs: number
  readonly proverWorkers: number
  readonly uploadMaxBytes: number
  readonly fetchTimeoutMs: number
  readonly maxFeePerGasWei: bigint
  readonly pollMs: number
  /** The neighbour holds the last operator, so that content has a way to travel and a miss a reporter. */
  readonly withNeighbour: boolean
  readonly log: Log
  /** Fed by this node, not by the neighbour's. */
  readonly metrics: Metrics
  /** Told when a tester's chain was replaced by another: this network stands on nothing then. */
  readonly onChainReplaced?: () => void
}

export type LocalNetwork = Awaited<ReturnType<typeof openLocalNetwork>>

/** @throws as `startAnvil`, `prepareChain` and `openEngine`. */
export async function openLocalNetwork(options: LocalNetworkOptions) {
  const resources = new AsyncDisposableStack()
  try {
    mkdirSync(options.dataDirectory, { recursive: true, mode: 0o700 })
    const chain = await openChain(options, resources)
    // Two nodes on one machine share its cores: one pool proves for both.
    const prover = resources.use(
      openProverPool({ workers: options.proverWorkers, maxQueued: 256, taskTimeoutMs: 60_000 }),
    )
    const { main, neighbour } = await openNodes(options, chain, prover, resources)
    return { ...chain, main, neighbour, prover, [Symbol.asyncDispose]: () => resources.disposeAsync() }
  } catch (error) {
    await resources.disposeAsync()
    throw error
  }
}

async function openChain(options: LocalNetworkOptions, resources: AsyncDisposableStack) {
  const isOwnChain = options.rpcUrls.length === 0
  if (isOwnChain) for (const node of NODES) rmSync(join(options.dataDirectory, node), { recursive: true, force: true })
  const anvil = isOwnChain
    ? resources.use(
        await startAnvil({
          stateDirectory: options.dataDirectory,
          blockTimeSeconds: 'manual',
          accounts: ACCOUNTS,
          genesisTimestamp: nowSeconds() - PREPARATION_SECONDS,
        }),
      )
    : undefined
  const rpcUrls = anvil === undefined ? options.rpcUrls : [anvil.url]
  const recordPath = join(options.dataDirectory, 'chain.json')
  const prepared = await prepareChain(rpcUrls, options.operators, isOwnChain ? undefined : readPrepared(recordPath))
  writeFileSync(
    recordPath,
    JSON.stringify(prepared, (_, value) => (typeof value === 'bigint' ? value.toString() : value)),
    { mode: 0o600 },
  )
  const transport = fallback(
    rpcUrls.map(url => http(url, { timeout: 10_000, retryCount: 0 })),
    { retryCount: 2 },
  )
  const miner = createTestClient({ mode: 'anvil', transport })
  await anvil?.request('evm_setTime', [nowSeconds()])
  const producer: BlockProducer = resources.use(
    startBlockProducer(
      { intervalMs: options.blockMs },
      {
        mine: () => miner.mine({ blocks: 1 }),
        ...(isOwnChain ? {} : { isNeeded: headHasStopped(createPublicClient({ transport, cacheTime: 0 })) }),
        clock: systemClock,
        log: options.log,
      },
    ),
  )
  const headUrls = anvil === undefined ? options.headUrls : [anvil.url.replace('http:', 'ws:')]
  return { rpcUrls, headUrls, miner, producer, deployment: prepared.deployment, isNewChain: prepared.isNew }
}

/** Each block is a second later than the one before, however fast they come: the chain starts so far back and catches up at the end. */
const PREPARATION_SECONDS = 3_600

const nowSeconds = (): number => Math.floor(systemClock.now() / 1_000)

const NODES = ['node', 'neighbour'] as const

function readPrepared(path: string): PreparedChain | undefined {
  try {
    const prepared = JSON.parse(readFileSync(path, 'utf8')) as PreparedChain // written by `openChain`; checked against the chain before use
    return { ...prepared, deployment: { ...prepared.deployment, startBlock: BigInt(prepared.deployment.startBlock) } }
  } catch {
    return undefined
  }
}

/** A tester's anvil may mine by itself or only with each transaction; time must pass either way. */
function headHasStopped(reader: PublicClient): () => Promise<boolean> {
  let last: bigint | undefined
  return async () => {
    const head = await reader.getBlockNumber()
    const isSame = head === last
    last = head
    return isSame
  }
}

async function openNodes(
  options: LocalNetworkOptions,
  chain: {
    rpcUrls: readonly string[]
    headUrls: readonly string[]
    deployment: PreparedChain['deployment']
    isNewChain: boolean
  },
  prover: Prover,
  resources: AsyncDisposableStack,
): Promise<{ main: Engine; neighbour: Engine | undefined }> {
  const all = Array.from({ length: options.operators }, (_, index) => actors.operator(index))
  const shared = {
    rpcUrls: chain.rpcUrls,
    headUrls: chain.headUrls,
    deployment: chain.deployment,
    isNewChain: chain.isNewChain,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    relayUrls: options.relayUrls,
    audits: options.audits,
    keepMs: options.keepMs,
    proverWorkers: options.proverWorkers,
    uploadMaxBytes: options.uploadMaxBytes,
    fetchTimeoutMs: options.fetchTimeoutMs,
    maxFeePerGasWei: options.maxFeePerGasWei,
    blockMs: options.blockMs,
    pollMs: options.pollMs,
  } satisfies Partial<EngineOptions>
  const isShared = options.withNeighbour && all.length > 1
  const main = resources.use(
    await openEngine(
      {
        ...shared,
        dataDirectory: join(options.dataDirectory, 'node'),
        operatorKeys: isShared ? all.slice(0, -1) : all,
        publisherKey: actors.publisher(),
        ...(options.relayUrls.length === 0 ? { relayKey: actors.relay() } : {}),
        peers: [],
        ...(options.blockSources === undefined ? {} : { blockSources: options.blockSources }),
        log: options.log.child({ node: 'own' }),
        metrics: options.metrics,
        onChainReplaced: options.onChainReplaced,
      },
      { prover },
    ),
  )
  if (!options.withNeighbour || main.gateway === undefined) return { main, neighbour: undefined }
  const neighbour = resources.use(
    await openEngine(
      {
        ...shared,
        dataDirectory: join(options.dataDirectory, 'neighbour'),
        operatorKeys: isShared ? all.slice(-1) : [],
        publisherKey: actors.neighbour(),
        peers: main.blocks.addresses,
        log: options.log.child({ node: 'neighbour' }),
        metrics: nullMetrics,
      },
      { prover, gateway: main.gateway },
    ),
  )
  return { main, neighbour }
}
