/** One prover worker thread: starts it, gives it one request at a time, and notices when it is lost. */

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { ProverReply, ProverRequest } from './prover-messages.ts'

/** The thread ended, hung or spoke out of turn; what it worked on has no answer. */
export class ProverThreadLost extends Error {
  override readonly name = 'ProverThreadLost'
}

export type ProverThread = AsyncDisposable & {
  /** Aborts when the thread ends, for whatever reason. */
  readonly ended: AbortSignal
  /** Not to be called before the last call settled. @throws ProverThreadLost */
  run(request: ProverRequest): Promise<Exclude<ProverReply, { kind: 'ready' }>>
}

export type ThreadOptions = {
  readonly workerUrl: URL
  readonly startTimeoutMs: number
  readonly taskTimeoutMs: number
  /** Ends the thread while it starts. */
  readonly signal: AbortSignal
}

/**
 * Blobs that were worked on are let go when new objects are cleared up, which a roomy space for these puts off: by default a thread
 * grows for an hour, by 130 MiB. A smaller space than this costs time.
 */
const LIMITS = { maxYoungGenerationSizeMb: 16 } as const

/** @throws ProverThreadLost when the thread is not ready in time. */
export async function openProverThread(options: ThreadOptions): Promise<ProverThread> {
  const worker = new Worker(options.workerUrl, { name: 'prover', resourceLimits: LIMITS })
  const ended = endOf(worker)
  const terminate = async () => void (await worker.terminate())
  options.signal.addEventListener('abort', terminate, { once: true })
  try {
    if (options.signal.aborted) await terminate()
    const first = await nextReply(worker, ended, options.startTimeoutMs)
    if (first.kind !== 'ready') throw new ProverThreadLost(`the thread began with ${first.kind}`)
  } catch (error) {
    await terminate()
    throw error
  } finally {
    options.signal.removeEventListener('abort', terminate)
  }
  return {
    ended,
    async run(request) {
      post(worker, request)
      const reply = await nextReply(worker, ended, options.taskTimeoutMs)
      if (reply.kind === 'ready') throw new ProverThreadLost('the thread started twice')
      return reply
    },
    [Symbol.asyncDispose]: terminate,
  }
}

function endOf(worker: Worker): AbortSignal {
  const ending = new AbortController()
  worker.once('error', error => ending.abort(new ProverThreadLost('the thread failed', { cause: error })))
  worker.once('exit', code => ending.abort(new ProverThreadLost(`the thread ended with exit code ${code}`)))
  return ending.signal
}

/**
 * Shared memory goes over as it is; other bytes as one exact copy that the thread then owns, so the caller's stay whole and the
 * request can be given to another thread when this one is lost.
 */
function post(worker: Worker, request: ProverRequest): void {
  const owned: ArrayBuffer[] = []
  worker.postMessage(withOwnBytes(request, owned), owned)
}

/** @param owned gets the buffer of each copy. */
function withOwnBytes(value: unknown, owned: ArrayBuffer[]): unknown {
  if (value instanceof Uint8Array) {
    if (value.buffer instanceof SharedArrayBuffer) return value
    const copy = new Uint8Array(value)
    owned.push(copy.buffer)
    return copy
  }
  if (Array.isArray(value)) return value.map(each => withOwnBytes(each, owned))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withOwnBytes(each, owned)]))
}

async function nextReply(worker: Worker, ended: AbortSignal, timeoutMs: number): Promise<ProverReply> {
  const waiting = new AbortController()
  const timer = setTimeout(() => waiting.abort(new ProverThreadLost(`no answer within ${timeoutMs} ms`)), timeoutMs)
  const stop = () => waiting.abort(ended.reason)
  ended.addEventListener('abort', stop, { once: true })
  try {
    ended.throwIfAborted()
    // The worker's file is ours: it posts nothing but replies.
    const [reply]: ProverReply[] = await once(worker, 'message', { signal: waiting.signal })
    if (reply === undefined) throw new ProverThreadLost('the thread sent nothing')
    return reply
  } catch (error) {
    throw waiting.signal.reason instanceof ProverThreadLost
      ? waiting.signal.reason
      : new ProverThreadLost('the thread failed', { cause: error })
  } finally {
    clearTimeout(timer)
    ended.removeEventListener('abort', stop)
  }
}
