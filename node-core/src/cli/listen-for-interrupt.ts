/** Lets a command that is interrupted tidy up, where the process would just end. */

import { AppError } from '../base/app-error.ts'

/** The signal fires at the first SIGINT or SIGTERM; a second one ends the process. */
export function listenForInterrupt(): Disposable & { readonly signal: AbortSignal } {
  const interrupted = new AbortController()
  const interrupt = (): void => interrupted.abort(new AppError('TIMEOUT', { reason: 'cancelled' }))
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  return {
    signal: interrupted.signal,
    [Symbol.dispose]: () => void process.off('SIGINT', interrupt).off('SIGTERM', interrupt),
  }
}
