/** The prover over worker threads: each loads the trusted setup once, takes work one by one, and is replaced when it is lost. */

import { AppError } from '../base/app-error.ts'
import { bytesToBigint } from '../base/hex.ts'
import { MAX_STRATA } from '../domain/sampling.ts'
import { requireScalar } from '../domain/scalar-field.ts'
import { BLOB_BYTES } from './blob-encoding.ts'
import type { FoldRequest, ProveOptions, Prover } from './prover.ts'
import type { ProverReply } from './prover-messages.ts'
import { createProverQueue, type ProverQueue, type ProverTask } from './prover-queue.ts'
import { openProverThread, type ProverThread } from './prover-thread.ts'

export type ProverPoolOptions = {
  /** Threads; one a core is best, as each computes without a pause. */
  readonly workers: number
  /** Bound of the work that waits, for challenges and for ingest each. */
  readonly maxQueued: number
  /** From the moment a thread gets the work; one blob takes about 40 ms on a core of its own. */
  readonly taskTimeoutMs: number
  readonly startTimeoutMs?: number
  /** The worker's file, where a bundler moved it. */
  readonly workerUrl?: URL
}

/** @property ready settles when every thread has loaded its setup once; work may be given before. @throws AppError PROVER_FAILED · NODE_STOPPING */
export type ProverPool = Prover & { readonly ready: Promise<void> }

/** Loading the setup takes 1.5 s on a free core. */
const DEFAULT_START_TIMEOUT_MS = 30_000
/** A thread that is lost so often in a row is not started again. */
const MAX_LOSSES_IN_A_ROW = 4
/** Work over which a thread was lost is tried once more. */
const MAX_LOSSES_OF_A_TASK = 2

type Counts = { busyWorkers: number; completed: number; failed: number; workerRestarts: number }

export function openProverPool(options: ProverPoolOptions): ProverPool {
  const queue = createProverQueue(options.maxQueued)
  const stopping = new AbortController()
  const counts: Counts = { busyWorkers: 0, completed: 0, failed: 0, workerRestarts: 0 }
  const slots = Array.from({ length: options.workers }, () => openSlot(options, queue, counts, stopping.signal))
  const stopped = Promise.all(slots.map(slot => slot.stopped)).then(() =>
    queue.close(new AppError('PROVER_FAILED', { reason: 'no worker is left' })),
  )
  const ready = Promise.all(slots.map(slot => slot.ready)).then(() => undefined)
  // Who doesn't wait for `ready` meets the same failure through its work.
  ready.catch(() => undefined)

  return {
    ready,
    async commit(blob, proveOptions) {
      requireBlob(blob)
      return part((await queue.add({ kind: 'commit', blob }, proveOptions)).bytes, 0)
    },
    async open(blob, z, proveOptions: ProveOptions) {
      requireBlob(blob)
      requireScalar('z', z)
      const { bytes } = await queue.add({ kind: 'open', blob, z }, proveOptions)
      return { proof: part(bytes, 0), y: bytesToBigint(part(bytes, 1)) }
    },
    async openFolded(request, proveOptions) {
      requireFold(request)
      const { bytes, foldMs } = await queue.add({ kind: 'openFolded', ...request }, proveOptions)
      return { proof: part(bytes, 0), y: bytesToBigint(part(bytes, 1)), foldMs }
    },
    async divide(request, proveOptions) {
      requireFold(request)
      const { bytes, foldMs } = await queue.add({ kind: 'divide', ...request }, proveOptions)
      const [folded, quotient, y] = [part(bytes, 0), part(bytes, 1), bytesToBigint(part(bytes, 2))]
      return { folded, quotient, z: request.z, y, foldMs }
    },
    async openBatch(transcript, items, proveOptions) {
      for (const { folded, quotient } of items) [folded, quotient].forEach(requireBlob)
      const { bytes } = await queue.add({ kind: 'openBatch', transcript, items }, proveOptions)
      return { quotient: part(bytes, 0), proof: part(bytes, 1) }
    },
    async uncompress(commitments, proveOptions) {
      return part((await queue.add({ kind: 'uncompress', commitments }, proveOptions)).bytes, 0)
    },
    get hasRoom() {
      return queue.hasRoom
    },
    whenRoom: signal => queue.whenRoom(signal),
    get stats() {
      const { challenge, ingest } = queue.waiting
      return { ...counts, workers: options.workers, queuedChallenges: challenge, queuedIngests: ingest }
    },
    /** What waits is refused; what a thread works on comes to its end first. */
    async [Symbol.asyncDispose]() {
      queue.close(new AppError('NODE_STOPPING'))
      stopping.abort(new AppError('NODE_STOPPING'))
      await stopped
    },
  }
}

type Slot = { readonly ready: Promise<void>; readonly stopped: Promise<void> }

/** The place of one thread after the other. `stopped` never rejects. */
function openSlot(options: ProverPoolOptions, queue: ProverQueue, counts: Counts, signal: AbortSignal): Slot {
  const ready = Promise.withResolvers<void>()
  const threadOptions = {
    workerUrl: options.workerUrl ?? new URL('./prover-worker.ts', import.meta.url),
    startTimeoutMs: options.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS,
    taskTimeoutMs: options.taskTimeoutMs,
    signal,
  }
  const run = async () => {
    let cause: unknown
    for (let losses = 0; losses < MAX_LOSSES_IN_A_ROW && !signal.aborted; losses += 1) {
      if (cause !== undefined) counts.workerRestarts += 1
      try {
        await using thread = await openProverThread(threadOptions)
        ready.resolve()
        await serve(thread, queue, counts, () => {
          losses = 0
        })
      } catch (error) {
        cause = error
      }
    }
    ready.reject(
      signal.aborted ? signal.reason : new AppError('PROVER_FAILED', { reason: 'a worker does not start' }, { cause }),
    )
  }
  return { ready: ready.promise, stopped: run() }
}

/** Until the queue is closed. @throws ProverThreadLost */
async function serve(thread: ProverThread, queue: ProverQueue, counts: Counts, onDone: () => void): Promise<void> {
  for (let task = await queue.take(thread.ended); task !== undefined; task = await queue.take(thread.ended)) {
    counts.busyWorkers += 1
    try {
      settle(task, await thread.run(task.request), counts)
      onDone()
    } catch (error) {
      task.losses += 1
      if (task.losses < MAX_LOSSES_OF_A_TASK) queue.putBack(task)
      else fail(task, counts, new AppError('PROVER_FAILED', { reason: 'the worker was lost' }, { cause: error }))
      throw error
    } finally {
      counts.busyWorkers -= 1
    }
  }
  thread.ended.throwIfAborted()
}

function settle(task: ProverTask, reply: Exclude<ProverReply, { kind: 'ready' }>, counts: Counts): void {
  if (reply.kind === 'done') {
    counts.completed += 1
    task.resolve(reply)
    return
  }
  // Lengths and z were looked at before, so bad arguments are elements that are not below r.
  const isBadBlob = reply.message.includes('C_KZG_BADARGS')
  fail(
    task,
    counts,
    isBadBlob
      ? new AppError('BLOB_NOT_CANONICAL', { reason: 'field element' })
      : new AppError('PROVER_FAILED', { reason: reply.message }),
  )
}

function fail(task: ProverTask, counts: Counts, error: AppError): void {
  counts.failed += 1
  task.reject(error)
}

function requireBlob(blob: Uint8Array): void {
  if (blob.length !== BLOB_BYTES) throw new AppError('BLOB_NOT_CANONICAL', { reason: 'length' })
}

function requireFold({ payloads, indexes, gamma, z }: FoldRequest): void {
  if (payloads.length < 1 || payloads.length > MAX_STRATA || payloads.length !== indexes.length)
    throw new RangeError(`${payloads.length} payloads with ${indexes.length} indexes are no challenge`)
  requireScalar('gamma', gamma)
  requireScalar('z', z)
}

function part(parts: readonly Uint8Array[], at: number): Uint8Array {
  const bytes = parts[at]
  if (bytes === undefined) throw new AppError('PROVER_FAILED', { reason: 'the worker left a part out' })
  return bytes
}
