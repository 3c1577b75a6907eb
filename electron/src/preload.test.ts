import { expect, test } from 'vitest'
import { prepareShell } from '../test/load-shell.ts'

test('the page is given one name with one function, which gives nothing back', async () => {
  const { start, window, mainWorld } = await prepareShell()
  await start()
  expect(mainWorld.names()).toEqual(['emerald'])
  expect(mainWorld.keys('emerald')).toEqual(['connect'])
  expect(mainWorld.call(window().webContents.mainFrame, 'emerald', 'connect', 'ignored')).toBeUndefined()
})
