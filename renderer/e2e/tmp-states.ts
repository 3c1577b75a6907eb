import { chromium } from '@playwright/test'
import { openStandIn } from '../test/stand-in-engine.ts'
import { chromiumLaunchOptions } from './browser.ts'
const browser = await chromium.launch(chromiumLaunchOptions())
const shot = async (name: string, settings: any, scheme: 'light'|'dark', run: (page: any, s: any) => Promise<void>, locale='en') => {
  const s = await openStandIn(settings)
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: scheme, locale })
  await page.goto(s.url); await page.waitForTimeout(800)
  await run(page, s)
  await page.waitForTimeout(500)
  await page.screenshot({ path: `/tmp/shots/state-${name}.png` })
  await page.close(); await s[Symbol.asyncDispose]()
}
const file = (size: number) => ({ name: 'north-pier-logbook.txt', mimeType: 'text/plain', buffer: Buffer.alloc(size, 'x') })
await shot('palette', {}, 'light', async p => { await p.keyboard.press('Control+k') })
await shot('uploading', {}, 'light', async (p, s) => { await p.goto(s.origin + '/#/posts'); await p.locator('input[type=file]').setInputFiles(file(40_000_000)); await p.waitForTimeout(1500) })
await shot('publishing', {}, 'dark', async (p, s) => { await p.goto(s.origin + '/#/posts'); await p.locator('input[type=file]').setInputFiles(file(1_000_000)); await p.waitForTimeout(1300) })
await shot('published', {}, 'light', async (p, s) => { await p.goto(s.origin + '/#/posts'); await p.locator('input[type=file]').setInputFiles(file(1_000_000)); await p.getByText('Published').waitFor() })
await shot('refused', {}, 'light', async (p, s) => { await p.goto(s.origin + '/#/posts'); await p.locator('input[type=file]').setInputFiles(file(0)); })
await shot('verify', {}, 'light', async (p, s) => { await p.goto(s.origin + '/#/proofs'); await p.locator('tbody a').first().click(); await p.getByRole('button', { name: 'Verify', exact: true }).click() })
await shot('failing', { isFailing: true }, 'light', async () => {})
await shot('empty', { isEmpty: true }, 'light', async () => {})
await shot('empty-dark', { isEmpty: true }, 'dark', async (p,s) => { await p.goto(s.origin + '/#/challenges') })
await shot('german', {}, 'light', async () => {}, 'de')
await shot('german-demo', {}, 'light', async (p,s) => { await p.goto(s.origin + '/#/demo') }, 'de')
await shot('lost', {}, 'dark', async (p, s) => { await s[Symbol.asyncDispose](); await p.waitForTimeout(1500) })
await shot('reset', {}, 'dark', async (p, s) => { await p.goto(s.origin + '/#/demo'); await p.getByRole('button', { name: 'Reset the demo' }).click() })
await shot('duty', {}, 'dark', async (p) => { await p.waitForTimeout(4000) })
{ const s = await openStandIn(); const page = await browser.newPage({ viewport: { width: 1280, height: 800 } }); await page.goto(s.origin); await page.waitForTimeout(500); await page.screenshot({ path: '/tmp/shots/state-nosession.png' }); await s[Symbol.asyncDispose]() }
await browser.close()
