/** Long work with a name, progress and a way to stop it; how it ended outlives a restart. A job's trace id is its id without dashes. */

import { randomUUID } from 'node:crypto'
import type { EventLog } from '../api/event-log.ts'
import { AppError, isAppError, toAppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import { traceIdOf } from '../base/trace-id.ts'
import { ERROR_CODES } from '../contract/error-codes.ts'
import type { JobKind, JobRecord, JobsTable } from '../store/jobs-table.ts'
import type { Log } from '../telemetry/log.ts'

export type Jobs = ReturnType<typeof createJobs>
export type JobProgress = (step: string, progress: number) => void
type Work = (progress: JobProgress, signal: AbortSignal) => Promise<Record<string, unknown>>
type Options = { readonly maxRunning: number }
type Deps = {
  readonly table: JobsTable
  readonly clock: Clock
  readonly events: Pick<EventLog, 'publish'>
  readonly log: Log
}

export function createJobs(options: Options, deps: Deps) {
  const { table, clock } = deps
  const running = new Map<string, { stop: AbortController; ended: Promise<void> }>()
  // What was running when the process ended can't be taken up again: its upload may be half used. Say so.
  for (const job of table.running())
    table.end(job.jobId, { state: 'failed', error: wireError(new AppError('NODE_STOPPING', {})) }, clock.now())

  /** @throws AppError JOB_NOT_FOUND */
  function get(jobId: string): JobRecord {
    const job = table.get(jobId)
    if (job === undefined) throw new AppError('JOB_NOT_FOUND', { jobId })
    return job
  }

  function tell({ jobId, kind, state, step, progress }: JobRecord): void {
    deps.events.publish('job', jobId, { kind, state, step, progress })
  }

  async function work(jobId: string, task: Work, stop: AbortController): Promise<void> {
    try {
      const result = await task((step, progress) => {
        table.advance(jobId, step, Math.min(1, progress))
        tell(get(jobId))
      }, stop.signal)
      table.end(jobId, { state: 'done', result }, clock.now())
      deps.log.info('job_done', { jobId, kind: get(jobId).kind })
    } catch (error) {
      const state = stop.signal.aborted && !isAppError(stop.signal.reason, 'NODE_STOPPING') ? 'cancelled' : 'failed'
      table.end(
        jobId,
        { state, error: wireError(stop.signal.aborted ? toAppError(stop.signal.reason) : error) },
        clock.now(),
      )
      if (state === 'failed') deps.log.warn('job_failed', { jobId, kind: get(jobId).kind, err: error })
    } finally {
      running.delete(jobId)
      tell(get(jobId))
    }
  }

  return {
    /** @throws AppError QUEUE_FULL */
    start(kind: JobKind, firstStep: string, task: Work): JobRecord {
      if (running.size >= options.maxRunning)
        throw new AppError('QUEUE_FULL', { queue: 'jobs', limit: options.maxRunning })
      const jobId = randomUUID()
      const stop = new AbortController()
      table.insert(jobId, kind, firstStep, clock.now())
      deps.log.info('job_started', { jobId, kind }) // under the call's trace id, where a call started it
      running.set(jobId, { stop, ended: Promise.resolve() })
      const ended = deps.log.inTrace(traceIdOf(jobId), () => work(jobId, task, stop))
      running.set(jobId, { stop, ended })
      return get(jobId)
    },
    get,
    recent: (): JobRecord[] => table.recent(100),
    /** Resolves when the job has ended; cancelling an ended job changes nothing. */
    async cancel(jobId: string): Promise<JobRecord> {
      const entry = running.get(jobId)
      entry?.stop.abort(new AppError('TIMEOUT', { reason: 'cancelled' }))
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
