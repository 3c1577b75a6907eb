/**
 * Runs duties: each key at most once at a time, a failed one again after a pause, all of them ended by one signal. What one attempt
 * logs has one trace id.
 */

import { toAppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import { createTraceId } from '../base/trace-id.ts'
import type { Log } from '../telemetry/log.ts'

export type DutyRunner = ReturnType<typeof createDutyRunner>

type Options = { readonly maxRunning: number; readonly firstPauseMs: number; readonly longestPauseMs: number }
type Deps = { readonly clock: Clock; readonly log: Log; readonly onFailure?: (key: string, code: string) => void }
type Failed = { readonly attempts: number; readonly notBeforeMs: number }

/** Keys of failed duties kept for their pauses; the oldest is forgotten first. */
const MAX_REMEMBERED = 10_000

export function createDutyRunner(options: Options, deps: Deps) {
  const stop = new AbortController()
  const running = new Map<string, Promise<void>>()
  const failed = new Map<string, Failed>()

  /** Does nothing while the duty runs, while it pauses after a failure, or while too much else runs: the next head asks again. */
  function run(key: string, context: Record<string, unknown>, duty: (signal: AbortSignal) => Promise<void>): void {
    if (stop.signal.aborted || running.has(key) || running.size >= options.maxRunning) return
    if ((failed.get(key)?.notBeforeMs ?? 0) > deps.clock.elapsedMs()) return
    const task = deps.log.inTrace(createTraceId(), () => attempt(key, context, duty))
    running.set(
      key,
      task.finally(() => running.delete(key)),
    )
  }

  async function attempt(
    key: string,
    context: Record<string, unknown>,
    duty: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const startedAt = deps.clock.elapsedMs()
    deps.log.debug('duty_started', { duty: key, ...context })
    try {
      await duty(stop.signal)
      failed.delete(key)
      deps.log.debug('duty_done', { duty: key, ms: deps.clock.elapsedMs() - startedAt })
    } catch (error) {
      if (!stop.signal.aborted) noteFailure(key, context, error)
    }
  }

  function noteFailure(key: string, context: Record<string, unknown>, error: unknown): void {
    const attempts = (failed.get(key)?.attempts ?? 0) + 1
    const pauseMs =
      Math.min(options.longestPauseMs, options.firstPauseMs * 2 ** (attempts - 1)) * (0.5 + Math.random() / 2)
    failed.delete(key)
    failed.set(key, { attempts, notBeforeMs: deps.clock.elapsedMs() + pauseMs })
    const [oldest] = failed.keys()
    if (failed.size > MAX_REMEMBERED && oldest !== undefined) failed.delete(oldest)
    const { code, data } = toAppError(error)
    deps.log.warn('duty_failed', {
      duty: key,
      ...context,
      attempts,
      pauseMs: Math.round(pauseMs),
      code,
      data,
      err: error,
    })
    deps.onFailure?.(key, code)
  }

  return {
    run,
    /** Nothing more is started until something ends. */
    isFull: (): boolean => running.size >= options.maxRunning,
    runningCount: (): number => running.size,
    /** Ends all duties and waits for them. */
    async [Symbol.asyncDispose](): Promise<void> {
      stop.abort(new Error('the node is stopping'))
      await Promise.allSettled(running.values())
    },
  }
}
