/** Reloads a page whose process died, ever more slowly, and asks the operator once it keeps dying. */
import { type BrowserWindow, dialog } from 'electron'
import { PRODUCT_NAME } from './names.ts'
import type { ShellLog } from './shell-log.ts'

export type Recovery = { readonly kind: 'reload'; readonly delayMs: number } | { readonly kind: 'give-up' }

/** Guesses: five deaths in ten minutes are no accident, and half a second lets a dying process go. */
const WINDOW_MS = 10 * 60_000
const MAX_CRASHES = 5
const FIRST_DELAY_MS = 500
const MAX_DELAY_MS = 30_000

/** @param crashTimesMs when the page died, this time included, in any order */
export function nextRecovery(crashTimesMs: readonly number[], nowMs: number): Recovery {
  const recent = crashTimesMs.filter(time => nowMs - time < WINDOW_MS).length
  if (recent > MAX_CRASHES) return { kind: 'give-up' }
  return { kind: 'reload', delayMs: Math.min(FIRST_DELAY_MS * 2 ** Math.max(0, recent - 1), MAX_DELAY_MS) }
}

/** The engine lives in the main process, so it keeps answering challenges while its window is gone. */
export function recoverFromCrashes(window: BrowserWindow, quit: () => void, log: ShellLog): void {
  let crashTimesMs: number[] = []
  const reload = () => {
    if (!window.isDestroyed()) window.webContents.reload()
  }
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    const nowMs = Date.now()
    crashTimesMs = [...crashTimesMs, nowMs].slice(-(MAX_CRASHES + 1))
    const recovery = nextRecovery(crashTimesMs, nowMs)
    log('renderer.gone', { reason, ...recovery })
    if (recovery.kind === 'reload') {
      setTimeout(reload, recovery.delayMs)
      return
    }
    crashTimesMs = []
    void askOperator(window).then(answer => (answer === 'reload' ? reload() : quit()))
  })
}

async function askOperator(window: BrowserWindow): Promise<'reload' | 'quit'> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    title: PRODUCT_NAME,
    message: 'The window keeps failing. The node itself still works and answers challenges.',
    buttons: ['Reload the window', 'Stop the node and quit'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  })
  return response === 1 ? 'quit' : 'reload'
}
