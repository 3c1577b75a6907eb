/**
 * Measures the way from the block with the seed to the broadcast proof, on an anvil of its own, once with new heads asked for and once
 * with new heads told by WebSocket: `node node-core/bench/event-to-transaction.ts [--epochs N] [--poll MS]`.
 */

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeEventTopics } from 'viem'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { systemClock } from '../src/base/clock.ts'
import { ACCOUNTS } from '../src/devnet/actors.ts'
import { startAnvil } from '../src/devnet/start-anvil.ts'
import { waitFor } from '../src/devnet/wait-for.ts'
import { type LocalNetwork, openLocalNetwork } from '../src/local-network.ts'
import { createLog } from '../src/telemetry/log.ts'
import { nullMetrics } from '../src/telemetry/metrics.ts'

const { values } = parseArgs({
  options: { epochs: { type: 'string', default: '8' }, poll: { type: 'string', default: '250' } },
})
const epochs = Number(values.epochs)
const pollMs = Number(values.poll)

/** A producer on a chain that it does not own looks twice for each block. */
const BLOCK_MS = 200
const TIMEOUT_MS = 600_000

const notice = z.object({
  params: z.object({ result: z.union([z.string(), z.object({ topics: z.array(z.string()) })]) }),
})

for (const isTold of [false, true]) {
  const waits = await measure(isTold)
  const at = (share: number): string => `${(waits[Math.floor(share * (waits.length - 1))] ?? Number.NaN).toFixed(0)} ms`
  const how = isTold ? 'told by WebSocket' : `asked for every ${pollMs} ms`
  console.log(`heads ${how}: median ${at(0.5)}, p95 ${at(0.95)}, ${waits.length} proofs`)
}

/** @returns milliseconds from the seed's block to each broadcast proof, shortest first. */
async function measure(isTold: boolean): Promise<number[]> {
  const directory = mkdtempSync(join(tmpdir(), 'emerald-bench-'))
  try {
    await using anvil = await startAnvil({ stateDirectory: directory, blockTimeSeconds: 'manual', accounts: ACCOUNTS })
    const headUrl = anvil.url.replace('http:', 'ws:')
    await using network = await openLocalNetwork({
      ...{ dataDirectory: directory, rpcUrls: [anvil.url], headUrls: isTold ? [headUrl] : [], operators: 2 },
      ...{ blockMs: BLOCK_MS, proverWorkers: 2, uploadMaxBytes: 1_000_000, fetchTimeoutMs: 60_000 },
      ...{ maxFeePerGasWei: 200_000_000_000n, pollMs, withNeighbour: false, metrics: nullMetrics },
      log: createLog({ level: 'error' }),
    })
    using witness = await openWitness(headUrl, network.deployment.custodyChallenges)
    await publish(network)
    await waitFor('the epochs', () => witness.seedsAtMs.length > epochs && provesOf(network).length >= 2 * epochs, {
      ...{ timeoutMs: TIMEOUT_MS, clock: systemClock, everyMs: 500 },
    })
    return provesOf(network)
      .flatMap(hash => witness.waitOf(hash) ?? [])
      .toSorted((a, b) => a - b)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function publish({ main }: LocalNetwork): Promise<void> {
  const bytes = randomBytes(100_000)
  const { uploadId } = await main.uploads.begin({ fileName: 'one.bin', contentType: '', byteLength: bytes.length })
  await main.uploads.append(uploadId, 0, bytes)
  await main.publisher.publish(uploadId, 1_000)
}

function provesOf({ main }: LocalNetwork): string[] {
  const mined = main.store.transactionPages.page('mined', null, 1_000)
  return mined.filter(({ key }) => /^(?:prove|batch):/.test(key)).map(each => each.mined?.hash ?? '')
}

/** Sees what the chain tells of, apart from the node: blocks with seeds, and transactions as they come in. */
async function openWitness(url: string, custodyChallenges: string) {
  const socket = new WebSocket(url)
  await once(socket, 'open')
  const seed = encodeEventTopics({ abi: custodyChallengesAbi, eventName: 'SeedFinalised' })[0]
  const seedsAtMs: number[] = []
  const sentAtMs = new Map<string, number>()
  socket.on('message', data => {
    const result = notice.safeParse(JSON.parse(String(data))).data?.params.result
    if (typeof result === 'string') sentAtMs.set(result, performance.now())
    else if (result?.topics.includes(seed) === true) seedsAtMs.push(performance.now())
  })
  const subscribe = (...params: unknown[]): void =>
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params }))
  subscribe('newPendingTransactions')
  subscribe('logs', { address: custodyChallenges })
  return {
    seedsAtMs,
    waitOf(hash: string): number | undefined {
      const sent = sentAtMs.get(hash)
      const seen = sent === undefined ? undefined : seedsAtMs.findLast(at => at <= sent)
      return sent === undefined || seen === undefined ? undefined : sent - seen
    },
    [Symbol.dispose]: () => socket.terminate(),
  }
}
