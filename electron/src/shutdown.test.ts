import { expect, test } from 'vitest'
import { prepareShell } from '../test/load-shell.ts'
import { createStandInEngine } from '../test/stand-in-engine.ts'

test('quitting waits for the engine, and the window says so meanwhile', async () => {
  const stopped = Promise.withResolvers<void>()
  const engine = createStandInEngine(() => stopped.promise)
  const { start, app, window } = await prepareShell({ openHost: async () => engine })
  await start()
  app.quit()
  await expect.poll(() => window().getTitle()).toMatch(/finishing open duties/)
  expect(window().isDestroyed()).toBe(false)
  expect(app.exitCode).toBeUndefined()
  stopped.resolve()
  expect(await app.ended()).toBe(0)
  expect(engine.isDisposed).toBe(true)
  expect(window().isDestroyed()).toBe(true)
})

test('closing the window quits in the same order', async () => {
  const { start, app, window, engine } = await prepareShell()
  await start()
  expect(window().close()).toBe(false)
  expect(await app.ended()).toBe(0)
  expect(engine.isDisposed).toBe(true)
})

test('an impatient operator disposes of the engine only once', async () => {
  let stops = 0
  const stopped = Promise.withResolvers<void>()
  const engine = createStandInEngine(() => {
    stops++
    return stopped.promise
  })
  const { start, app, window } = await prepareShell({ openHost: async () => engine })
  await start()
  app.quit()
  app.quit()
  window().close()
  stopped.resolve()
  await app.ended()
  expect(stops).toBe(1)
})

test('an engine that hangs is given up after the limit', async () => {
  const engine = createStandInEngine(() => new Promise(() => {}))
  const { start, app, logged } = await prepareShell({ openHost: async () => engine, shutdownTimeoutMs: 20 })
  await start()
  app.quit()
  expect(await app.ended()).toBe(1)
  expect(logged).toContainEqual({ event: 'shutdown.failed', error: expect.stringContaining('within 20 ms') })
})

test('an engine that fails to stop ends the app, saying so', async () => {
  const engine = createStandInEngine(() => Promise.reject(new Error('disk gone')))
  const { start, app, logged } = await prepareShell({ openHost: async () => engine })
  await start()
  app.quit()
  expect(await app.ended()).toBe(1)
  expect(logged).toContainEqual({ event: 'shutdown.failed', error: 'Error: disk gone' })
})

test('quitting while the engine opens aborts the start and disposes of what had opened', async () => {
  const engine = createStandInEngine()
  const { start, app, dialog } = await prepareShell({
    openHost: signal => new Promise(resolve => signal.addEventListener('abort', () => resolve(engine))),
  })
  await start()
  app.quit()
  expect(await app.ended()).toBe(0)
  expect(engine.isDisposed).toBe(true)
  expect(dialog.errors).toEqual([])
})

test('quitting while the engine opens is no failure to start when the engine gives up', async () => {
  const { start, app, dialog } = await prepareShell({
    openHost: signal =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  })
  await start()
  app.quit()
  expect(await app.ended()).toBe(0)
  expect(dialog.errors).toEqual([])
})

test('an engine that neither opens nor gives up is left behind after the limit', async () => {
  const { start, app } = await prepareShell({ openHost: () => new Promise(() => {}), shutdownTimeoutMs: 20 })
  await start()
  app.quit()
  expect(await app.ended()).toBe(1)
})

test('quitting before the app is ready opens no window', async () => {
  const { startShell, app, BrowserWindow, engine } = await prepareShell()
  const started = startShell()
  app.quit()
  expect(await app.ended()).toBe(0)
  app.becomeReady()
  await started
  expect(BrowserWindow.all).toHaveLength(0)
  expect(engine.isDisposed).toBe(true)
})
