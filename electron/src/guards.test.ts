import { expect, test } from 'vitest'
import { prepareShell } from '../test/load-shell.ts'

async function openPage() {
  const shell = await prepareShell()
  await shell.start()
  return { ...shell, page: shell.window().webContents, session: shell.session.defaultSession }
}

test.each([
  'https://example.com/',
  'http://localhost:4000/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,hello',
  'app://other/index.html',
  'app://bundle.example.com/',
  'app://bundle@example.com/',
])('a page cannot navigate to %s', async url => {
  const { page } = await openPage()
  expect(page.navigateFromPage(url)).toBe(false)
  expect(page.getURL()).toBe('app://bundle/')
})

test('a page can reload itself', async () => {
  const { page } = await openPage()
  expect(page.navigateFromPage('app://bundle/posts')).toBe(true)
})

test('no frame of a page goes anywhere, not even within the bundle', async () => {
  const { page } = await openPage()
  expect(page.navigateFromPage('app://bundle/', false)).toBe(false)
})

test('a redirect out of the bundle is stopped', async () => {
  const { page } = await openPage()
  let prevented = false
  page.emit('will-redirect', { url: 'https://example.com/', preventDefault: () => (prevented = true) })
  expect(prevented).toBe(true)
})

test('no webview is attached', async () => {
  const { page } = await openPage()
  let prevented = false
  page.emit('will-attach-webview', { preventDefault: () => (prevented = true) })
  expect(prevented).toBe(true)
})

test('a new window is never made, and an allowed link opens in the system browser', async () => {
  const { page, shell } = await openPage()
  expect(page.openFromPage('https://etherscan.io/tx/0x01')).toBe(false)
  expect(page.openFromPage('app://bundle/')).toBe(false)
  expect(shell.opened).toEqual(['https://etherscan.io/tx/0x01'])
})

test('a refused link is logged without its query', async () => {
  const { page, shell, logged } = await openPage()
  page.openFromPage('https://example.com/a?token=hush#hush')
  expect(shell.opened).toEqual([])
  expect(logged).toContainEqual({ event: 'external_link.refused', url: 'https://example.com/a' })
})

test.each(['media', 'geolocation', 'notifications', 'clipboard-read', 'hid', 'openExternal', 'fullscreen', 'unknown'])(
  'the permission %s is denied to requests and to checks',
  async permission => {
    const { session } = await openPage()
    expect(session.grantsRequest(permission, 'app://bundle/')).toBe(false)
    expect(session.grantsCheck(permission, 'app://bundle')).toBe(false)
  },
)

test('only the main frame of the bundle may write plain text to the clipboard', async () => {
  const { session } = await openPage()
  const write = 'clipboard-sanitized-write'
  expect(session.grantsRequest(write, 'app://bundle/posts')).toBe(true)
  expect(session.grantsCheck(write, 'app://bundle/')).toBe(true)
  expect(session.grantsRequest(write, 'app://bundle/', false)).toBe(false)
  expect(session.grantsCheck(write, 'app://bundle', false)).toBe(false)
  expect(session.grantsRequest(write, 'https://example.com/')).toBe(false)
  expect(session.grantsCheck(write, 'app://bundle.example.com')).toBe(false)
})

test('no device is granted and no dictionary is fetched', async () => {
  const { session } = await openPage()
  expect(session.grantsDevice()).toBe(false)
  expect(session.spellChecks).toBe(false)
})

test.each([
  ['app://bundle/assets/app.js', true],
  ['data:image/png;base64,AA', true],
  ['blob:app://bundle/1', true],
  ['https://example.com/', false],
  ['http://127.0.0.1:4000/', false],
  ['ws://127.0.0.1:4000/', false],
  ['file:///etc/passwd', false],
  ['app://other/', false],
])('a request of the page to %s is let through: %s', async (url, expected) => {
  const { session } = await openPage()
  expect(session.letsThrough(url)).toBe(expected)
})
