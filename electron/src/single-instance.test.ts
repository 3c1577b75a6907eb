import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTempDir, prepareShell } from '../test/load-shell.ts'

test('a second start for the same directory quits and brings the first window to the front', async () => {
  const appData = makeTempDir()
  const first = await prepareShell({ appData })
  await first.start()
  first.window().minimize()
  const second = await prepareShell({ appData, openHost: () => Promise.reject(new Error('must not open')) })
  await second.start()
  expect(await second.app.ended()).toBe(0)
  expect(second.BrowserWindow.all).toHaveLength(0)
  expect(first.window().isMinimized()).toBe(false)
  expect(first.window().focusCount).toBe(1)
})

test('a second start with a link shows its route in the first window', async () => {
  const appData = makeTempDir()
  const first = await prepareShell({ appData })
  await first.start()
  const second = await prepareShell({ appData, args: ['emerald://open/proofs'] })
  await second.start()
  await expect.poll(() => first.window().webContents.getURL()).toBe('app://bundle/proofs')
})

test('a node with another data directory runs beside it', async () => {
  const appData = makeTempDir()
  const first = await prepareShell({ appData })
  await first.start()
  const second = await prepareShell({ appData, dataDirectory: '/data/sepolia' })
  await second.start()
  expect(second.window().isShown).toBe(true)
  expect(first.window().focusCount).toBe(0)
})

test('two spellings of one data directory share its lock', async () => {
  const appData = makeTempDir()
  await (await prepareShell({ appData, dataDirectory: '/data/demo' })).start()
  const second = await prepareShell({ appData, dataDirectory: '/data/other/../demo/' })
  await second.start()
  expect(await second.app.ended()).toBe(0)
  expect(second.BrowserWindow.all).toHaveLength(0)
})

test('the lock makes nothing within the data directory, which a missing drive would hold', async () => {
  const appData = makeTempDir()
  const dataDirectory = join(makeTempDir(), 'not mounted')
  await (await prepareShell({ appData, dataDirectory })).start()
  expect(existsSync(dataDirectory)).toBe(false)
})

test('the lock is free again after quitting', async () => {
  const appData = makeTempDir()
  const first = await prepareShell({ appData })
  await first.start()
  first.app.quit()
  await first.app.ended()
  const second = await prepareShell({ appData })
  await second.start()
  expect(second.window().isShown).toBe(true)
})
