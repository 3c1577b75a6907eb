/** What is measured of a whole node on a chain of its own: how soon a seed is answered, and how free the main thread stays meanwhile. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { systemClock } from '../src/base/clock.ts'
import { waitFor } from '../src/devnet/wait-for.ts'
import { PAYLOAD_BYTES_PER_BLOB } from '../src/kzg/blob-encoding.ts'
import { type LocalNetwork, openLocalNetwork } from '../src/local-network.ts'
import { nullLog } from '../src/telemetry/log.ts'
import { nullMetrics } from '../src/telemetry/metrics.ts'
import { ms, type Row } from './row.ts'

const MIB = 2 ** 20
/** The bench makes the blocks itself. */
const NEVER_MS = 3_600_000
const POLL_MS = 250
const PATIENCE_MS = 600_000

export async function measureNode(turns: number, cores: number): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'emerald-bench-'))
  try {
    await using network = await openLocalNetwork({
      ...{ dataDirectory: directory, rpcUrls: [], operators: 1, blockMs: NEVER_MS, pollMs: POLL_MS },
      ...{ proverWorkers: cores, uploadMaxBytes: 2 ** 30, fetchTimeoutMs: 60_000, maxFeePerGasWei: 10n ** 12n },
      ...{ withNeighbour: false, relayUrls: [], log: nullLog, metrics: nullMetrics },
    })
    await publish(network, 1)
    const answer = await eventToTransaction(network, turns)
    return [answer, ...(await mainThread(network, turns))]
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** From the moment that the block with the seed is there to the moment that the proof has been broadcast. */
async function eventToTransaction(network: LocalNetwork, turns: number): Promise<Row> {
  const times: number[] = []
  for (let turn = 0; turn < turns; turn += 1) times.push(await answerTime(network))
  const sorted = times.toSorted((a, b) => a - b)
  const median = sorted[sorted.length >> 1] ?? 0
  return {
    name: 'challenge on one blob, from the block with the seed to the broadcast proof: median',
    ...{ ours: `${ms(median)}, slowest ${ms(sorted.at(-1) ?? 0)}`, baseline: null, figure: median },
    ...{ unit: 'ms', better: 'lower', target: 150 },
  }
}

/** Of the next epoch to open. */
async function answerTime({ main, miner }: LocalNetwork): Promise<number> {
  const known = main.store.challenges.latestEpoch()?.epoch
  const listening = new AbortController()
  let sentAt: number | undefined
  const listen = async () => {
    for await (const { topic, data } of main.events.subscribe({ signal: listening.signal }))
      if (topic === 'challenge' && data.state === 'sent') sentAt ??= performance.now()
  }
  const heard = listen()
  try {
    for (;;) {
      await miner.mine({ blocks: 1 })
      const minedAt = performance.now()
      await settled(main)
      if (main.store.challenges.latestEpoch()?.epoch === known) continue
      await waitUntil('the proof', () => sentAt !== undefined)
      return (sentAt ?? minedAt) - minedAt
    }
  } finally {
    listening.abort()
    await heard
  }
}

/** How late the main thread is for what is due: at rest, and while it takes in a file and answers challenges at once. */
async function mainThread(network: LocalNetwork, turns: number): Promise<Row[]> {
  const atRest = await lagDuring(() => systemClock.sleep(3_000))
  const atWork = await lagDuring(async () => {
    const taking = publish(network, Math.ceil((16 * MIB) / PAYLOAD_BYTES_PER_BLOB))
    for (let turn = 0; turn < turns; turn += 1) await answerTime(network)
    await taking
  })
  return [
    {
      name: 'delay of the main thread while proving and taking in 16 MiB: 99th percentile',
      ...{ ours: ms(atWork), baseline: `${ms(atRest)} at rest`, figure: atWork },
      ...{ unit: 'ms', better: 'lower', target: 20 },
    },
  ]
}

/** Milliseconds, 99th percentile. A timer of 1 ms is late by up to another by itself, which counts here. */
async function lagDuring(work: () => Promise<unknown>): Promise<number> {
  const resolutionMs = 1
  using delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  await work()
  return delay.percentile(99) / 1e6 - resolutionMs
}

/** Resolves when the post is attested. */
async function publish(network: LocalNetwork, blobs: number): Promise<void> {
  const { main, miner } = network
  const byteLength = blobs * PAYLOAD_BYTES_PER_BLOB
  const { uploadId } = await main.uploads.begin({ fileName: 'bench.bin', contentType: '', byteLength })
  for (let offset = 0; offset < byteLength; ) {
    const bytes = crypto.getRandomValues(new Uint8Array(Math.min(PART_BYTES, byteLength - offset)))
    offset = (await main.uploads.append(uploadId, offset, bytes)).receivedBytes
  }
  const { jobId } = await main.publisher.publish(uploadId, 1_000)
  const attested = main.store.posts.counts().attested
  await waitUntil('the post', async () => {
    const { state, error } = main.jobs.get(jobId)
    if (state === 'failed') throw new Error(`not published: ${error}`)
    await miner.mine({ blocks: 1 })
    await settled(main)
    return main.store.posts.counts().attested > attested
  })
}

/** getRandomValues gives so many at once. */
const PART_BYTES = 65_536

/** The node has seen the newest block and done what it found due. */
async function settled(main: LocalNetwork['main']): Promise<void> {
  const head = Number(await main.client.getBlockNumber({ cacheTime: 0 }))
  await waitUntil('the head', () => (main.follower.head()?.number ?? 0) >= head)
  await waitUntil('the duties', () => main.custody.runningCount() === 0)
}

const waitUntil = (what: string, look: () => boolean | Promise<boolean>): Promise<boolean> =>
  waitFor(what, look, { timeoutMs: PATIENCE_MS, clock: systemClock, everyMs: 5 })
