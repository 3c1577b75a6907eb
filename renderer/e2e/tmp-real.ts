import { spawn } from 'node:child_process'
import { chromium } from '@playwright/test'
import { chromiumLaunchOptions } from './browser.ts'
const child = spawn('node', ['/work/main/node-core/bin/emerald.mjs', 'start', '--port', '0'], { env: { ...process.env, EMERALD_HOME: '/tmp/em-home2' }, stdio: ['ignore', 'pipe', 'inherit'] })
const url: string = await new Promise(r => { let s=''; child.stdout.on('data', d => { s += d; const m = /"url":"([^"]+)"/.exec(s); if (m?.[1]) r(m[1]) }) })
console.log(url)
const origin = new URL(url).origin
const browser = await chromium.launch(chromiumLaunchOptions())
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light', locale: 'en' })
page.on('console', m => ['error','warning'].includes(m.type()) && console.log('console', m.text()))
page.on('pageerror', e => console.log('pageerror', e.message))
const shot = (n: string) => page.screenshot({ path: `/tmp/shots/real-${n}.png` })
try {
await page.goto(url); await page.waitForTimeout(1500); await shot('0-overview')
await page.goto(origin + '/#/posts')
await page.locator('input[type=file]').setInputFiles({ name: 'logbook.txt', mimeType: 'text/plain', buffer: Buffer.from('emerald '.repeat(60000)) })
await page.getByText('Published').waitFor({ timeout: 20000 }); await shot('1-published')
await page.goto(origin + '/#/demo'); await page.waitForTimeout(6000); await shot('2-demo')
await page.goto(origin + '/#/challenges'); await page.locator('tbody tr').first().waitFor({ timeout: 60000 }); await shot('3-challenges')
await page.goto(origin + '/#/'); await page.waitForTimeout(1500); await shot('4-overview')
await page.goto(origin + '/#/proofs'); await page.locator('tbody a').first().waitFor({ timeout: 60000 }); await page.waitForTimeout(500); await shot('5-proofs')
await page.locator('tbody a').first().click(); await page.getByRole('button', { name: 'Verify', exact: true }).click(); await page.waitForTimeout(1500); await shot('6-proof')
await page.goto(origin + '/#/'); await page.waitForTimeout(8000); await shot('7-overview')
await page.goto(origin + '/#/posts'); await page.waitForTimeout(800); await page.locator('tbody a').first().click(); await page.waitForTimeout(1000); await shot('8-post')
await page.goto(origin + '/#/demo'); await page.waitForTimeout(800);
for (const name of ['Take offline','Damage a block','Reorganise']) { await page.getByRole('button', { name }).click(); await page.waitForTimeout(2500) }
await shot('9-demo-faults')
await page.getByRole('button', { name: 'Reset the demo' }).click(); await page.getByRole('button', { name: 'Delete and start over' }).click(); await page.waitForTimeout(1500); await shot('a-resetting'); await page.waitForTimeout(15000); await shot('b-reset')
} finally { await browser.close(); child.kill('SIGTERM'); await new Promise(r => child.on('exit', r)) }
