import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { prepareShell } from '../test/load-shell.ts'
import { nextRecovery } from './crash-recovery.ts'

const MINUTE_MS = 60_000

test('each crash waits twice as long as the one before it, and the sixth gives up', () => {
  const crashes = [0, 1, 2, 3, 4, 5].map(count => Array.from({ length: count + 1 }, (_, index) => index))
  expect(crashes.map(times => nextRecovery(times, 10))).toEqual([
    { kind: 'reload', delayMs: 500 },
    { kind: 'reload', delayMs: 1000 },
    { kind: 'reload', delayMs: 2000 },
    { kind: 'reload', delayMs: 4000 },
    { kind: 'reload', delayMs: 8000 },
    { kind: 'give-up' },
  ])
})

test('crashes of ten minutes ago no longer count', () => {
  expect(nextRecovery([0, 1, 2, 3, 4, 11 * MINUTE_MS], 11 * MINUTE_MS)).toEqual({ kind: 'reload', delayMs: 500 })
})

test('the wait is always between half a second and half a minute', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20 * MINUTE_MS)), times => {
      const recovery = nextRecovery(times, 20 * MINUTE_MS)
      if (recovery.kind === 'give-up') return
      expect(recovery.delayMs).toBeGreaterThanOrEqual(500)
      expect(recovery.delayMs).toBeLessThanOrEqual(30_000)
    }),
  )
})

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] }))
afterEach(() => void vi.useRealTimers())

async function crashTimes(count: number, answers: number[] = []) {
  const shell = await prepareShell()
  await shell.start()
  shell.dialog.answers.push(...answers)
  const page = shell.window().webContents
  for (let crash = 0; crash < count; crash++) {
    page.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
    vi.advanceTimersByTime(8000)
  }
  return { ...shell, page }
}

test('a page that died is loaded again after the wait, not before', async () => {
  const { page, logged } = await crashTimes(0)
  page.emit('render-process-gone', {}, { reason: 'oom', exitCode: 1 })
  vi.advanceTimersByTime(499)
  expect(page.reloads).toBe(0)
  vi.advanceTimersByTime(1)
  expect(page.reloads).toBe(1)
  expect(logged).toContainEqual({ event: 'renderer.gone', reason: 'oom', kind: 'reload', delayMs: 500 })
})

test('a page that ended as it should is left alone', async () => {
  const { page } = await crashTimes(0)
  page.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 })
  vi.advanceTimersByTime(60_000)
  expect(page.reloads).toBe(0)
})

test('after the limit the operator is asked, and the engine keeps running', async () => {
  const { page, dialog, engine } = await crashTimes(6, [0])
  await vi.waitFor(() => expect(page.reloads).toBe(6))
  expect(dialog.asked).toEqual([expect.stringContaining('The node itself still works')])
  expect(engine.isDisposed).toBe(false)
})

test('the operator who gives up quits in order', async () => {
  const { engine, app } = await crashTimes(6, [1])
  await vi.waitFor(() => expect(app.exitCode).toBe(0))
  expect(engine.isDisposed).toBe(true)
})

test('a window that is gone by then is not loaded', async () => {
  const { page, app } = await crashTimes(0)
  page.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
  app.quit()
  await vi.waitFor(() => expect(app.exitCode).toBe(0))
  vi.advanceTimersByTime(60_000)
  expect(page.reloads).toBe(0)
})
