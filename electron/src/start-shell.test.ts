import { expect, test } from 'vitest'
import { prepareShell } from '../test/load-shell.ts'

test('the window opens before the engine has', async () => {
  const { start, window } = await prepareShell({ openHost: () => new Promise(() => {}) })
  await start()
  expect(window().isShown).toBe(true)
  expect(window().getTitle()).toBe('Emerald Node')
})

test('a start by a link shows its route', async () => {
  const { start, window } = await prepareShell({ args: ['emerald://open/keys'] })
  await start()
  expect(window().webContents.getURL()).toBe('app://bundle/keys')
})

test('a link of the operating system is followed only where it is known', async () => {
  const { start, app, window } = await prepareShell()
  await start()
  app.emit('open-url', { preventDefault() {} }, 'emerald://open/nonsense')
  expect(window().webContents.getURL()).toBe('app://bundle/')
  app.emit('open-url', { preventDefault() {} }, 'emerald://open/proofs')
  await expect.poll(() => window().webContents.getURL()).toBe('app://bundle/proofs')
})

test('an engine that cannot open is shown with its reason and ends the app', async () => {
  const { start, app, dialog } = await prepareShell({
    openHost: () => Promise.reject(new Error('The data directory is in use by another node.')),
  })
  await start()
  expect(await app.ended()).toBe(1)
  expect(dialog.errors).toEqual([
    { title: 'Emerald Node could not start', content: 'The data directory is in use by another node.' },
  ])
})

test('an engine that throws at once is shown as well', async () => {
  const { start, app, dialog } = await prepareShell({
    openHost: () => {
      throw new Error('no module')
    },
  })
  await start()
  expect(await app.ended()).toBe(1)
  expect(dialog.errors).toHaveLength(1)
})
