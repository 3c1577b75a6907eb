/**
 * Long work with a name, progress and a way to stop it. What it needs stands in the store, and the work can be done again from the
 * start without harm: so a job outlives the process, and what fails for a while is tried again. A job's trace id is its id without
 * dashes.
 *
 * One process at a time has the data directory, by its lock: what is running in the table at a start is nobody else's.
 */

import { randomUUID } from 'node:crypto'
import type { EventLog } from '../api/event-log.ts'
import { AppError, isAppError, toAppError } from '../base/app-error.ts'
import { type BackoffOptions, backoffMs } from '../base/backoff.ts'
import type { Clock } from '../base/clock.ts'
import { traceIdOf } from '../base/trace-id.ts'
import { ERROR_CODES } from '../contract/error-codes.ts'
import type { JobInput, JobKind, JobRecord, JobsTable } from '../store/jobs-table.ts'
import type { Log } from '../telemetry/log.ts'

export type Jobs = ReturnType<typeof createJobs>
export type JobProgress = (step: string, progress: number) => void
export type JobWork = {
  readonly firstStep: string
  /** Does the same again when it is called again with the same input. */
  run(input: JobInput, progress: JobProgress, signal: AbortSignal): Promise<Record<string, unknown>>
  /** True once it did what cannot be taken back: from then on it goes to its end, whoever cancels it. Never, unless given. */
  isBeyondCancel?(input: JobInput): boolean
  /** Once, after the job has ended, however it ended. */
  tidy(input: JobInput): Promise<void>
}
type Options = { readonly maxRunning: number; readonly retry?: BackoffOptions }
type Deps = {
  readonly table: JobsTable
  readonly clock: Clock
  readonly events: Pick<EventLog, 'publish'>
  readonly log: Log
}

/** Attempts over all processes. */
const MAX_ATTEMPTS = 10
/** Ended jobs that are kept, the latest ones. */
const MAX_ENDED = 1_000
const RETRY = { baseMs: 1_000, maxMs: 60_000 } as const
/** What may be otherwise in a while. */
const TRANSIENT: ReadonlySet<string> = new Set(['RPC_UNAVAILABLE', 'QUEUE_FULL', 'TIMEOUT'])

export function createJobs(options: Options, deps: Deps) {
  const { table, clock, log } = deps
  const works = new Map<JobKind, JobWork>()
  const running = new Map<string, { stop: AbortController; ended: Promise<void>; canBeCancelled: () => boolean }>()

  /** @throws AppError JOB_NOT_FOUND */
  function get(jobId: string): JobRecord {
    const job = table.get(jobId)
    if (job === undefined) throw new AppError('JOB_NOT_FOUND', { jobId })
    return job
  }

  function tell({ jobId, kind, state, step, progress }: JobRecord): void {
    deps.events.publish('job', jobId, { kind, state, step, progress })
  }

  function fail(jobId: string, error: unknown): void {
    table.end(jobId, { state: 'failed', error: wireError(error) }, clock.now())
    log.warn('job_failed', { jobId, kind: get(jobId).kind, err: error })
  }

  /** @returns whether the job has ended: one that the node's stop broke off goes on after the next start. */
  async function attempt(jobId: string, work: JobWork, input: JobInput, signal: AbortSignal): Promise<boolean> {
    const attempts = table.beginAttempt(jobId)
    try {
      const report: JobProgress = (step, progress) => {
        table.advance(jobId, step, Math.min(1, progress))
        tell(get(jobId))
      }
      const result = await work.run(input, report, signal)
      table.end(jobId, { state: 'done', result }, clock.now())
      log.info('job_done', { jobId, kind: get(jobId).kind })
      return true
    } catch (error) {
      if (signal.aborted) {
        if (isAppError(signal.reason, 'NODE_STOPPING')) return false
        table.end(jobId, { state: 'cancelled', error: wireError(toAppError(signal.reason)) }, clock.now())
        return true
      }
      const { code } = toAppError(error)
      if (!TRANSIENT.has(code) || attempts >= MAX_ATTEMPTS) {
        fail(jobId, error)
        return true
      }
      const pauseMs = backoffMs(attempts, options.retry ?? RETRY)
      log.warn('job_waits', { jobId, attempts, pauseMs, code })
      await clock.sleep(pauseMs, signal).catch(() => undefined) // the next attempt sees the abort
      return attempt(jobId, work, input, signal)
    }
  }

  async function runToEnd(jobId: string, work: JobWork, input: JobInput, signal: AbortSignal): Promise<void> {
    try {
      if (await attempt(jobId, work, input, signal)) await work.tidy(input)
    } finally {
      running.delete(jobId)
      tell(get(jobId))
    }
  }

  function begin(jobId: string, work: JobWork, input: JobInput): void {
    const stop = new AbortController()
    const canBeCancelled = (): boolean => work.isBeyondCancel?.(input) !== true
    running.set(jobId, { stop, ended: Promise.resolve(), canBeCancelled })
    // What the store or the disk refuses ends this job's turn, not the process.
    const ended = log
      .inTrace(traceIdOf(jobId), () => runToEnd(jobId, work, input, stop.signal))
      .catch(error => log.error('job_broken', { jobId, err: error }))
    running.set(jobId, { stop, ended, canBeCancelled })
  }

  return {
    /** What jobs of the kind do; before any is started or taken up. */
    define: (kind: JobKind, work: JobWork): void => void works.set(kind, work),
    /** @throws AppError QUEUE_FULL */
    start(kind: JobKind, input: JobInput): JobRecord {
      const work = works.get(kind)
      if (work === undefined) throw new AppError('INTERNAL', { reason: `nobody does jobs of the kind ${kind}` })
      if (running.size >= options.maxRunning)
        throw new AppError('QUEUE_FULL', { queue: 'jobs', limit: options.maxRunning })
      const jobId = randomUUID()
      table.insert({ jobId, kind, step: work.firstStep, input }, clock.now())
      log.info('job_started', { jobId, kind }) // under the call's trace id, where a call started it
      begin(jobId, work, input)
      return get(jobId)
    },
    /** At a start: what the last process left unfinished goes on, unless it was for another chain. */
    takeUp(isNewChain: boolean): void {
      table.trim(MAX_ENDED)
      for (const { jobId, kind, input, attempts } of table.running()) {
        const work = works.get(kind)
        if (work === undefined || input === null || isNewChain || attempts >= MAX_ATTEMPTS) {
          fail(jobId, new AppError('NODE_STOPPING', {}))
          if (input !== null) work?.tidy(input).catch(error => log.warn('job_untidy', { jobId, err: error }))
          continue
        }
        log.info('job_taken_up', { jobId, kind, attempts })
        begin(jobId, work, input)
      }
    },
    get,
    recent: (): JobRecord[] => table.recent(100),
    /** Resolves when the job has ended; cancelling one that has ended, or did what cannot be taken back, changes nothing. */
    async cancel(jobId: string): Promise<JobRecord> {
      const entry = running.get(jobId)
      if (entry?.canBeCancelled()) entry.stop.abort(new AppError('TIMEOUT', { reason: 'cancelled' }))
      await entry?.ended
      return get(jobId)
    },
    async [Symbol.asyncDispose](): Promise<void> {
      for (const { stop } of running.values()) stop.abort(new AppError('NODE_STOPPING', {}))
      await Promise.allSettled([...running.values()].map(entry => entry.ended))
    },
  }
}

function wireError(error: unknown): { code: string; error: string; data: Record<string, unknown> } {
  const { code, data } = toAppError(error)
  return { code, error: ERROR_CODES[code].message, data: { ...data } }
}
