/** The whole story on a throwaway chain: publish, attest, challenge, prove, settle, with faults on demand; then it looks whether all held. */

import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../base/app-error.ts'
import { systemClock } from '../base/clock.ts'
import type { Hex } from '../base/hex.ts'
import { importFile } from '../blocks/import-file.ts'
import type { DemoReport } from '../contract/cli.ts'
import { isErrorCode } from '../contract/error-codes.ts'
import type { Challenge } from '../domain/challenge.ts'
import { bitsOf } from '../domain/post.ts'
import type { Engine } from '../engine.ts'
import { PAYLOAD_BYTES_PER_BLOB } from '../kzg/blob-encoding.ts'
import { type LocalNetwork, openLocalNetwork } from '../local-network.ts'
import { readFileParts } from '../posts/uploads.ts'
import type { JobRecord } from '../store/jobs-table.ts'
import type { Log } from '../telemetry/log.ts'
import { nullMetrics } from '../telemetry/metrics.ts'
import { isReceiptKnown, measure } from './demo-report.ts'
import { bringOnline, damage, takeOffline } from './faults.ts'
import { findFailures } from './find-failures.ts'
import { type PassedEpoch, passEpoch, wait } from './pass-epoch.ts'

export type DemoRequest = {
  readonly blobs: number
  readonly operators: number
  readonly epochs: number
  /** Instead of made-up bytes; decides the number of blobs. */
  readonly file?: string | undefined
  readonly miss: boolean
  readonly corrupt: boolean
  /** Depth; 0 for none. */
  readonly reorg: number
  readonly proverWorkers: number
  readonly uploadMaxBytes: number
}
type Deps = {
  readonly log: Log
  readonly progress: (step: string, share: number) => void
  readonly signal: AbortSignal
}

const BLOCK_MS = 200

/** @throws AppError TIMEOUT {waitingFor} when a step never came · FILE_NOT_FOUND · and what opening a network throws */
export async function runDemo(request: DemoRequest, deps: Deps): Promise<DemoReport> {
  const startedAt = systemClock.now()
  const directory = await mkdtemp(join(tmpdir(), 'emerald-demo-'))
  try {
    deps.progress('chain', 0)
    await using network = await openLocalNetwork({
      dataDirectory: directory,
      rpcUrls: [],
      relayUrls: [],
      headUrls: [],
      operators: request.operators,
      blockMs: BLOCK_MS,
      proverWorkers: request.proverWorkers,
      uploadMaxBytes: request.uploadMaxBytes,
      fetchTimeoutMs: 60_000,
      keepMs: 604_800_000,
      audits: { everyMs: 86_400_000, bytesPerSecond: 10_485_760 },
      maxFeePerGasWei: 200_000_000_000n,
      pollMs: 50,
      withNeighbour: true,
      log: deps.log,
      metrics: nullMetrics,
    })
    const report = await tellStory(request, network, deps)
    return { ...report, seconds: (systemClock.now() - startedAt) / 1_000 }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function tellStory(request: DemoRequest, network: LocalNetwork, deps: Deps): Promise<DemoReport> {
  const { main } = network
  const repairs = request.corrupt ? watchRepairs(main, deps.signal) : undefined
  deps.progress('publish', 0.1)
  const postId = await publish(request, network, deps)
  deps.progress('attest', 0.2)
  const post = await wait('the quorum', deps, () => {
    const found = main.store.posts.get(postId)
    return found?.attestation == null ? undefined : { ...found, attestation: found.attestation }
  })
  const missing = request.miss ? takeOffline(network) : undefined
  const epochs: PassedEpoch[] = []
  for (let at = 0; at < request.epochs; at += 1) {
    deps.progress('prove', 0.25 + (0.75 * at) / request.epochs)
    const epoch = post.attestation.attestedEpoch + 1 + at
    epochs.push(await passEpoch({ epoch, postId, reorgDepth: at === 0 ? request.reorg : 0 }, network, deps))
    // It misses one epoch: the next shows what the others ask for then, and the one after it that all is well again.
    if (at === 0 && missing !== undefined) bringOnline(network, missing)
  }
  const challenges = epochs.flatMap(each => each.challenges)
  const engines = network.neighbour === undefined ? [main] : [main, network.neighbour]
  // The chain tells of a proof before its sender has asked for the receipt.
  await wait('the receipts of all proofs', deps, () => challenges.every(each => isReceiptKnown(engines, each)))
  const attesters = bitsOf(main.store.posts.get(postId)?.attestation?.attesters ?? 0n)
  const corrupt = request.corrupt
    ? {
        operator: 0,
        outcome: repairs?.isRepaired() && attesters.includes(0) ? ('repaired' as const) : ('refused' as const),
      }
    : null
  const outcome = count(main, challenges)
  const failures = findFailures(request, { network, post, epochs, missing, attesters, corrupt })
  return {
    ok: failures.length === 0,
    chainId: network.deployment.chainId,
    posts: main.store.posts.counts().total,
    blobs: post.blobCount,
    operators: request.operators,
    epochs: request.epochs,
    attested: main.store.posts.counts().attested,
    challenges: challenges.length,
    ...outcome,
    escalated: main.store.lifecycle.escalatedCount(),
    reorgs: main.follower.reorgCount(),
    corrupt,
    ...measure(engines, challenges),
    seconds: 0,
    failures,
  }
}

/** The neighbour publishes, so that this node has to fetch; with a damaged block of its own in the way when that is asked for. */
async function publish(request: DemoRequest, network: LocalNetwork, deps: Deps): Promise<Hex> {
  const publisher = network.neighbour ?? network.main
  const source = (): AsyncIterable<Uint8Array> | Iterable<Uint8Array> =>
    request.file === undefined ? madeUpBytes(request.blobs) : readFileParts(request.file)
  if (request.corrupt) {
    const { cid } = await importFile(network.main.blocks, toAsync(source()))
    await damage(network.main, cid)
  }
  let byteLength = 0
  for await (const part of source()) byteLength += part.length
  const fileName = request.file ?? 'demo.bin'
  const { uploadId } = await publisher.uploads.begin({ fileName, contentType: '', byteLength })
  let offset = 0
  for await (const part of source()) offset = (await publisher.uploads.append(uploadId, offset, part)).receivedBytes
  const job = await publisher.publisher.publish(uploadId, 1_000)
  const ended = await wait('the registration', deps, () => {
    const now = publisher.jobs.get(job.jobId)
    return now.state === 'running' ? undefined : now
  })
  if (ended.result === null) throw failureOf(ended)
  return ended.result.postId as Hex // as `publishFile` gives it
}

function failureOf({ error }: JobRecord): AppError {
  const code = error?.code ?? 'INTERNAL'
  return new AppError(isErrorCode(code) ? code : 'INTERNAL', error?.data)
}

/** Random-looking but the same in every run. */
function* madeUpBytes(blobs: number): Generator<Uint8Array> {
  let left = blobs * PAYLOAD_BYTES_PER_BLOB - 1_000
  for (let at = 0; left > 0; at += 1) {
    const seed = createHash('sha256').update(`emerald demo ${at}`).digest()
    const part = new Uint8Array(Math.min(left, 65_536))
    for (let offset = 0; offset < part.length; offset += 32)
      part.set(seed.subarray(0, Math.min(32, part.length - offset)), offset)
    for (let offset = 0; offset + 4 <= part.length; offset += 32)
      new DataView(part.buffer).setUint32(offset, at * 2_048 + offset)
    left -= part.length
    yield part
  }
}

async function* toAsync(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* source
}

function count(engine: Engine, challenges: readonly Challenge[]): { proven: number; missed: number; slashed: number } {
  const stored = challenges.map(each => engine.store.challenges.get(each))
  return {
    proven: stored.filter(each => each?.isProven).length,
    missed: stored.filter(each => each?.isMissed).length,
    slashed: engine.store.operators.slashCount(),
  }
}

/** A damaged block is reported the moment it is read; the attestation that follows shows that it was replaced. */
function watchRepairs(engine: Engine, signal: AbortSignal): { isRepaired: () => boolean } {
  let isDamageSeen = false
  const watch = async (): Promise<void> => {
    for await (const event of engine.events.subscribe({ signal }))
      if (event.topic === 'alert' && event.data.code === 'STORAGE_CORRUPT') isDamageSeen = true
  }
  watch().catch(() => undefined) // ends with the signal
  return { isRepaired: () => isDamageSeen }
}
