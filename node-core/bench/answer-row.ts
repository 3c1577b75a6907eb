/** How soon a seed is answered: from the block that brings it to the broadcast proof, both seen by a witness apart from the node. */

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
import { ms, type Row } from './row.ts'

/** A producer on a chain that it does not own looks twice for each block. */
const BLOCK_MS = 200
const TIMEOUT_MS = 600_000

const notice = z.object({
  params: z.object({ result: z.union([z.string(), z.object({ topics: z.array(z.string()) })]) }),
})

/** Of a node that asks for new heads as often as the app does. */
const POLL_MS = 250

export async function eventToTransaction(turns: number): Promise<Row> {
  const told = await measure(true, turns)
  const asked = await measure(false, turns)
  return {
    name: 'challenge on one blob, from the block with the seed to the broadcast proof, with heads told by WebSocket: median',
    ...{ ours: shown(told), baseline: `${shown(asked)}, heads asked for every ${POLL_MS} ms`, figure: medianOf(told) },
    ...{ unit: 'ms', better: 'lower', target: 150 },
  }
}

const shareOf = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
const medianOf = (sorted: readonly number[]): number => shareOf(sorted, 0.5)
const shown = (sorted: readonly number[]): string => `${ms(medianOf(sorted))} (p95 ${ms(shareOf(sorted, 0.95))})`

/** @returns milliseconds from the seed's block to each broadcast proof, shortest first. */
async function measure(isTold: boolean, epochs: number): Promise<number[]> {
  const directory = mkdtempSync(join(tmpdir(), 'emerald-bench-'))
  try {
    await using anvil = await startAnvil({ stateDirectory: directory, blockTimeSeconds: 'manual', accounts: ACCOUNTS })
    const headUrl = anvil.url.replace('http:', 'ws:')
    await using network = await openLocalNetwork({
      ...{
        dataDirectory: directory,
        rpcUrls: [anvil.url],
        relayUrls: [],
        headUrls: isTold ? [headUrl] : [],
        operators: 2,
      },
      ...{
        blockMs: BLOCK_MS,
        proverWorkers: 2,
        uploadMaxBytes: 1_000_000,
        fetchTimeoutMs: 60_000,
        keepMs: 604_800_000,
        audits: { everyMs: 86_400_000, bytesPerSecond: 10_485_760 },
      },
      ...{ maxFeePerGasWei: 200_000_000_000n, pollMs: POLL_MS, withNeighbour: false, metrics: nullMetrics },
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
