import { expect, test } from 'vitest'
import { makeBundle, prepareShell } from '../test/load-shell.ts'
import { TRAVERSALS } from '../test/traversals.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

async function openShell() {
  const shell = await prepareShell({ bundleDir: makeBundle() })
  await shell.start()
  return shell.protocol
}

test('the scheme is standard and secure, and is registered before the app is ready', async () => {
  const protocol = await openShell()
  const [scheme] = protocol.privileged
  expect(scheme).toMatchObject({ scheme: 'app', privileges: { standard: true, secure: true } })
  expect(scheme?.privileges).not.toHaveProperty('bypassCSP')
})

test('the page comes with its type and every security header', async () => {
  const response = await (await openShell()).request('app://bundle/')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(await response.text()).toContain('<title>app</title>')
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(response.headers.get(name)).toBe(value)
})

test('a script comes with its type', async () => {
  const response = await (await openShell()).request('app://bundle/assets/app.js')
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
})

test('a route of the app is answered with the page', async () => {
  const protocol = await openShell()
  for (const route of ['posts', 'partners/did%3Aweb%3Aexample.com', 'index.html/x', 'assets']) {
    const response = await protocol.request(`app://bundle/${route}`)
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('<title>app</title>')])
  }
})

test('a missing script is missing, not the page', async () => {
  const response = await (await openShell()).request('app://bundle/assets/gone.js')
  expect(response.status).toBe(404)
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('every traversal is answered with 404', async () => {
  const protocol = await openShell()
  for (const address of TRAVERSALS.filter(address => address.startsWith('app:'))) {
    const response = await protocol.request(address)
    expect([address, response.status]).toEqual([address, 404])
    expect(await response.text()).toBe('Not Found')
  }
})

test('nothing but reading is answered', async () => {
  const protocol = await openShell()
  expect((await protocol.request('app://bundle/', 'HEAD')).status).toBe(200)
  expect((await protocol.request('app://bundle/', 'POST')).status).toBe(405)
})
