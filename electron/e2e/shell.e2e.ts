/** The real desktop app, in a real Electron: its window, its isolation, its engine, its shutdown. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ElectronApplication, _electron as electron, expect, type Page, test } from '@playwright/test'
import { findDesktop, repositoryDir } from './find-electron.ts'

const desktop = findDesktop()
let home: string | undefined
let app: ElectronApplication
let page: Page

const obstacle = 'obstacle' in desktop ? desktop.obstacle : null

test.skip(obstacle !== null, obstacle ?? '')

/** The title carries the reason for skipping, as reporters leave it out. */
test.describe(`the desktop app${obstacle === null ? '' : ` (not here: ${obstacle})`}`, () => {
  test.beforeAll(async () => {
    if ('obstacle' in desktop) return
    home = mkdtempSync(join(tmpdir(), 'emerald-e2e-'))
    app = await electron.launch({
      executablePath: desktop.binary,
      args: [join(repositoryDir, 'electron'), '--profile', 'demo'],
      env: { ...definedOnly(process.env), EMERALD_HOME: home },
    })
    page = await app.firstWindow()
  })

  test.afterAll(async () => {
    if (home === undefined) return
    await app.close()
    rmSync(home, { recursive: true, force: true })
  })

  test('the page comes from the bundle and knows nothing of Node', async () => {
    expect(await page.evaluate('location.origin')).toBe('app://bundle')
    for (const name of ['require', 'process', 'module', 'Buffer']) {
      expect(await page.evaluate(`typeof ${name}`)).toBe('undefined')
    }
  })

  test('the page is given exactly one function', async () => {
    expect(await page.evaluate('Object.keys(window.emerald)')).toEqual(['connect'])
  })

  test('text cannot become code, and no window opens', async () => {
    expect(await page.evaluate("window.open('https://example.com')")).toBeNull()
    const wasRefused =
      "new Promise(resolve => { document.addEventListener('securitypolicyviolation', () => resolve(true)); const script = document.createElement('script'); script.textContent = '1'; document.body.append(script) })"
    expect(await page.evaluate(wasRefused)).toBe(true)
  })

  test('the page cannot leave', async () => {
    await page.evaluate("location.assign('https://example.com/')")
    expect(await page.evaluate('location.origin')).toBe('app://bundle')
  })

  test('a connection of its own is answered by the engine', async () => {
    const received =
      "new Promise(resolve => { addEventListener('message', event => resolve(event.ports.length), { once: true }); window.emerald.connect() })"
    expect(await page.evaluate(received)).toBe(1)
  })
})

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
