/**
 * Holds every quit until the engine has been disposed of, in view of the operator and within a limit. An engine that
 * hangs ends with the process, and its devnet with it, as that watches the process that started it.
 */
import { app, type BrowserWindow } from 'electron'
import type { EngineHost } from './engine-host.ts'
import type { ShellLog } from './shell-log.ts'

export interface ShutdownDeps {
  readonly host: Promise<EngineHost>
  /** Tells an engine that is still opening to stop. */
  readonly abortStart: () => void
  readonly showClosing: () => void
  readonly log: ShellLog
  readonly timeoutMs: number
}

/** Long enough to finish a proof and send it (a few seconds) and to stop the devnet; a guess. */
export const SHUTDOWN_TIMEOUT_MS = 20_000

export interface Shutdown {
  /** Closing the window means to quit; the window stays, saying so, until the engine has stopped. */
  holdWindow(window: BrowserWindow): void
}

export function holdQuitUntilDisposed(deps: ShutdownDeps): Shutdown {
  let state: 'running' | 'closing' | 'done' = 'running'
  app.on('before-quit', event => {
    if (state === 'done') return
    event.preventDefault()
    if (state === 'closing') return
    state = 'closing'
    void close(deps).then(code => {
      state = 'done'
      if (code === 0) app.quit()
      else app.exit(code)
    })
  })
  return {
    holdWindow(window) {
      window.on('close', event => {
        if (state === 'done') return
        event.preventDefault()
        app.quit()
      })
    },
  }
}

/** Never rejects. @returns the exit code: 0 only where the engine was disposed of in order */
async function close(deps: ShutdownDeps): Promise<number> {
  const opened = deps.host.catch(() => null)
  try {
    deps.showClosing()
    deps.abortStart()
    await within(deps.timeoutMs, async () => (await opened)?.[Symbol.asyncDispose]())
    return 0
  } catch (error) {
    deps.log('shutdown.failed', { error: String(error) })
    return 1
  }
}

async function within(timeoutMs: number, work: () => Promise<void>): Promise<void> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`the engine did not stop within ${timeoutMs} ms`)), timeoutMs)
  try {
    await Promise.race([work(), tooLate])
  } finally {
    clearTimeout(timer)
  }
}
