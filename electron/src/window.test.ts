import { expect, test } from 'vitest'
import { prepareShell } from '../test/load-shell.ts'

test('the window isolates its page and locks every dangerous preference', async () => {
  const { start, window } = await prepareShell()
  await start()
  expect(window().options.webPreferences).toEqual({
    contextIsolation: true,
    sandbox: true,
    webSecurity: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    experimentalFeatures: false,
    allowRunningInsecureContent: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    preload: '/app/preload.cjs',
  })
})

test('the window is shown once it has something to show', async () => {
  const { start, window } = await prepareShell()
  await start()
  expect(window().options.show).toBe(false)
  expect(window().isShown).toBe(true)
})

test('the title names the network and a page cannot change it', async () => {
  const { start, window } = await prepareShell()
  await start()
  window().titleFromPage('Mainnet, honestly')
  expect(window().getTitle()).toBe('Emerald Node (demo)')
})
