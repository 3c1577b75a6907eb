/** How free the main thread of a whole node stays while it takes in a file and answers challenges at once. */

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

const FILE_MIB = 16
const BLOCK_MS = 200
const POLL_MS = 250
const PATIENCE_MS = 600_000

export async function mainThreadDelay(cores: number): Promise<Row> {
  const directory = mkdtempSync(join(tmpdir(), 'emerald-bench-'))
  try {
    await using network = await openLocalNetwork({
      ...{ dataDirectory: directory, rpcUrls: [], headUrls: [], relayUrls: [], operators: 3, blockMs: BLOCK_MS },
      ...{
        proverWorkers: cores,
        uploadMaxBytes: 2 ** 30,
        fetchTimeoutMs: 60_000,
        keepMs: 604_800_000,
        audits: { everyMs: 86_400_000, bytesPerSecond: 10_485_760 },
        maxFeePerGasWei: 10n ** 12n,
      },
      ...{ pollMs: POLL_MS, withNeighbour: false, log: nullLog, metrics: nullMetrics },
    })
    await publish(network, 4)
    await waitUntil('a challenge', () => network.main.store.challenges.latestEpoch() !== undefined)
    const atRest = await delayDuring(() => systemClock.sleep(3_000))
    const provenBefore = network.main.store.proofs.total({})
    const atWork = await delayDuring(() => publish(network, (FILE_MIB * 2 ** 20) / PAYLOAD_BYTES_PER_BLOB))
    const proven = network.main.store.proofs.total({}) - provenBefore
    return {
      name: `delay of the main thread while taking in ${FILE_MIB} MiB and proving (${proven} proofs): 99th percentile`,
      ...{ ours: ms(atWork), baseline: `${ms(atRest)} while it only follows the chain`, figure: atWork },
      ...{ unit: 'ms', better: 'lower', target: 20 },
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Milliseconds, 99th percentile. A timer of 1 ms is late by up to another by itself, which counts here. */
async function delayDuring(work: () => Promise<unknown>): Promise<number> {
  const resolutionMs = 1
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  await work()
  delay.disable()
  return delay.percentile(99) / 1e6 - resolutionMs
}

/** Resolves when the post is attested. */
async function publish({ main }: LocalNetwork, blobs: number): Promise<void> {
  const byteLength = Math.floor(blobs) * PAYLOAD_BYTES_PER_BLOB
  const { uploadId } = await main.uploads.begin({ fileName: 'bench.bin', contentType: '', byteLength })
  for (let offset = 0; offset < byteLength; ) {
    const bytes = crypto.getRandomValues(new Uint8Array(Math.min(PART_BYTES, byteLength - offset)))
    offset = (await main.uploads.append(uploadId, offset, bytes)).receivedBytes
  }
  const { jobId } = await main.publisher.publish(uploadId, 1_000)
  const { attested } = main.store.posts.counts()
  await waitUntil('the post', () => {
    const { state, error } = main.jobs.get(jobId)
    if (state === 'failed') throw new Error(`not published: ${error}`)
    return main.store.posts.counts().attested > attested
  })
}

/** getRandomValues gives so many at once. */
const PART_BYTES = 65_536

const waitUntil = (what: string, look: () => boolean): Promise<boolean> =>
  waitFor(what, look, { timeoutMs: PATIENCE_MS, clock: systemClock, everyMs: 50 })
