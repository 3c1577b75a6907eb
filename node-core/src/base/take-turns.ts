/** Runs tasks one after the other. */

import { AppError } from './app-error.ts'

/**
 * @param maxWaiting tasks that may wait besides the one that runs.
 * @returns a function that runs a task when all earlier ones are done, however they ended; it throws AppError QUEUE_FULL {waiting}.
 */
export function createTurns(maxWaiting: number): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  let unfinished = 0
  return async task => {
    if (unfinished > maxWaiting) throw new AppError('QUEUE_FULL', { waiting: unfinished - 1 })
    unfinished += 1
    const run = last.then(task).finally(() => {
      unfinished -= 1
    })
    last = run.catch(() => undefined) // its caller hears of the failure; the next task doesn't care
    return run
  }
}
