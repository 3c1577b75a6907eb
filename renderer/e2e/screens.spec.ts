/** The screens of the app against a stand-in for the node, in a real browser: what they show and do, and that anybody can use them. */

import { readFile } from 'node:fs/promises'
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { openStandIn, type StandIn, type StandInSettings } from '../test/stand-in-engine.ts'
import { chromiumLaunchOptions } from './browser.ts'
import { SCREENS } from './screens.ts'

test.use({ launchOptions: chromiumLaunchOptions(), viewport: { width: 1_280, height: 800 }, locale: 'en' })

async function openApp(page: Page, settings: StandInSettings = {}): Promise<StandIn> {
  const standIn = await openStandIn(settings)
  await page.goto(standIn.url)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  return standIn
}

const main = (page: Page) => page.getByRole('main')
const textFile = (name: string, size: number) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.alloc(size, 'emerald '),
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every screen passes axe and scrolls only downwards, ${colorScheme}`, async ({ page }) => {
    test.setTimeout(120_000)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await using standIn = await openApp(page)
    for (const screen of SCREENS) {
      await screen.open(page, standIn.origin)
      const { violations } = await new AxeBuilder({ page }).analyze()
      const found = violations.map(
        ({ id, nodes }) => `${screen.name}: ${id}: ${nodes.map(node => node.html).join(' | ')}`,
      )
      expect(found).toEqual([])
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(overflow, `${screen.name} scrolls sideways`).toBeLessThanOrEqual(0)
    }
  })
}

test('the token leaves the address and a reload keeps the session', async ({ page }) => {
  await using _ = await openApp(page)
  expect(page.url()).not.toContain('token')
  await page.reload()
  await expect(page.getByTestId('verdict')).toBeVisible()
})

test('a page without a token says how to get one', async ({ page }) => {
  await using standIn = await openStandIn()
  await page.goto(standIn.origin)
  await expect(page.getByRole('heading', { name: 'This page needs its access token' })).toBeVisible()
})

test('the overview says first whether the bytes are safe, and follows the chain', async ({ page }) => {
  await using _ = await openApp(page, { blockMs: 200 })
  await expect(page.getByTestId('verdict')).toContainText('Your bytes are safe')
  const height = page.getByTestId('block-height')
  const before = await height.textContent()
  await expect(height).not.toHaveText(before ?? '')
})

test('an empty node says the next step', async ({ page }) => {
  await using standIn = await openApp(page, { isEmpty: true })
  await expect(page.getByTestId('verdict')).toHaveText('Nothing to keep yet.')
  await page.getByRole('button', { name: 'Publish a file' }).click()
  await expect(main(page).getByText('No file was published yet')).toBeVisible()
  for (const [route, text] of [
    ['challenges', 'No challenge yet'],
    ['proofs', 'No proof yet'],
    ['network', 'Nothing was sent yet'],
    ['health', 'Nothing to do'],
  ] as const) {
    await page.goto(`${standIn.origin}/#/${route}`)
    await expect(main(page).getByText(text)).toBeVisible()
  }
})

test('a pause is said with what goes on and what waits, and operators that leave are told apart', async ({ page }) => {
  await using _ = await openApp(page, { isPaused: true })
  const notice = main(page).getByRole('status').filter({ hasText: 'The protocol is paused' })
  await expect(notice).toContainText(/Since block \d+, until block \d+ at most: \d+ blocks? left/)
  await expect(notice).toContainText('answers to challenges')
  await expect(notice).toContainText('Publishing')
  const row = (name: string) => main(page).getByRole('row').filter({ hasText: name })
  await expect(row('Aster')).toContainText('Left')
  await expect(row('Birch')).toContainText('Leaving')
  await expect(row('Birch')).toContainText('Offline')
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
})

test('a failing node shows what is wrong, the next step, the code and the trace id', async ({ page }) => {
  await using _ = await openApp(page, { isFailing: true })
  const alert = main(page).getByRole('alert').first()
  await expect(alert).toContainText('The database failed.')
  await expect(alert).toContainText('DATABASE_ERROR')
  await expect(alert).toContainText('Trace ')
  await expect(alert.getByRole('button', { name: 'Try again' })).toBeVisible()
})

test('a file is sent in parts, published step by step, and leads to its post', async ({ page }) => {
  await using standIn = await openApp(page)
  await page.goto(`${standIn.origin}/#/posts`)
  await page.locator('input[type=file]').setInputFiles(textFile('logbook.txt', 5_000_000))
  const panel = page.getByTestId('publish-panel')
  await expect(panel.getByRole('progressbar', { name: 'Progress of sending the file' })).toBeVisible()
  await expect(panel.getByText('Register', { exact: true })).toBeVisible()
  await expect(panel.getByText('Published')).toBeVisible({ timeout: 15_000 })
  await panel.getByRole('link', { name: 'Open the post' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'logbook.txt' })).toBeVisible()
  await expect(main(page).getByText('SHA-256')).toBeVisible()
})

test('a running upload can be cancelled', async ({ page }) => {
  await using standIn = await openApp(page)
  await page.goto(`${standIn.origin}/#/posts`)
  await page.locator('input[type=file]').setInputFiles(textFile('long.txt', 30_000_000))
  await page.getByTestId('publish-panel').getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByTestId('publish-panel')).toHaveCount(0)
})

test('a wrong file is refused before anything is sent, with its reason', async ({ page }) => {
  await using standIn = await openApp(page)
  await page.goto(`${standIn.origin}/#/posts`)
  const choose = page.locator('input[type=file]')
  const panel = page.getByTestId('publish-panel')
  await choose.setInputFiles(textFile('empty.txt', 0))
  await expect(panel).toContainText('The file is empty.')
  await choose.setInputFiles({ name: 'tool.bin', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') })
  await expect(panel).toContainText('This kind of file is not accepted.')
  // Made inside the page: a file this large cannot be handed over by the driver.
  await choose.evaluate(input => {
    const files = new DataTransfer()
    files.items.add(new File([new Uint8Array(64 * 1_048_576 + 1)], 'large.txt', { type: 'text/plain' }))
    if (input instanceof HTMLInputElement) input.files = files.files
    input.dispatchEvent(new Event('change', { bubbles: true }))
  })
  await expect(panel).toContainText('The file is larger than the limit.')
})

test('posts are searched, and sorted by a column', async ({ page }) => {
  await using standIn = await openApp(page)
  await page.goto(`${standIn.origin}/#/posts`)
  const rows = main(page).locator('tbody tr')
  await page.getByRole('button', { name: 'Size' }).click()
  await expect(page.getByRole('columnheader', { name: 'Size' })).not.toHaveAttribute('aria-sort', 'none')
  await page.getByRole('searchbox', { name: 'Search by name' }).fill('tide')
  await expect(rows).toHaveCount(1)
  await expect(rows.first()).toContainText('tide-gauges.csv')
})

test('a proof is verified here, exported, and its bundle checked; one changed byte is noticed', async ({ page }) => {
  await using standIn = await openApp(page)
  await page.goto(`${standIn.origin}/#/proofs`)
  await main(page).locator('tbody a').first().click()
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await expect(page.getByTestId('verification')).toContainText('The proof holds.')
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export bundle' }).click()
  const bundle = await readFile(await (await downloading).path(), 'utf8')
  await page.goto(`${standIn.origin}/#/proofs`)
  const verify = async (text: string) => {
    await page.getByLabel('Proof bundle').fill(text)
    await page.getByRole('button', { name: 'Verify the bundle' }).click()
  }
  await verify(bundle)
  await expect(page.getByTestId('verification')).toContainText('The proof holds.')
  await verify(bundle.replace('"level":0', '"level":1'))
  await expect(page.getByTestId('verification')).toContainText('The proof does not hold.')
  await verify('{"not": "a bundle"}')
  await expect(main(page).getByRole('alert')).toContainText('This is not a proof bundle.')
})

test('the network says how the chain is reached, and in plain words what happens with each transaction', async ({
  page,
}) => {
  await using standIn = await openApp(page)
  await page.goto(`${standIn.origin}/#/network`)
  const row = (text: string) => main(page).getByRole('row').filter({ hasText: text })
  await expect(main(page).getByText('Following')).toBeVisible()
  await expect(row('rpc.example')).toContainText('Left alone')
  await expect(row('rpc.example')).toContainText('No answer in time')
  await expect(main(page).getByText('Live', { exact: true })).toBeVisible()
  await expect(main(page).getByText('3 blocks')).toBeVisible()
  await expect(row('Answer a challenge')).toContainText(/Waiting.*until block/)
  await expect(row('Answer several challenges')).toContainText('Fee raised 2 times')
  await expect(row('Settle a post')).toContainText('At the fee cap')
  await expect(row('Report a miss')).toContainText('EpochStillOpen(12, 480)')
  await main(page).getByRole('radiogroup').getByText('Replaced').click()
  await expect(row('Finalise a seed')).toContainText('Replaced')
  await expect(row('Settle a post')).toHaveCount(0)
})

test('the network screen of a failing node says what is wrong', async ({ page }) => {
  await using standIn = await openApp(page, { isFailing: true })
  await page.goto(`${standIn.origin}/#/network`)
  await expect(main(page).getByRole('alert')).toHaveCount(2)
  await expect(main(page).getByRole('alert').first()).toContainText('DATABASE_ERROR')
})

test('alerts come first and lead to their cause; acknowledged, what is past goes, and the list of all keeps it', async ({
  page,
}) => {
  await using standIn = await openApp(page)
  await page.goto(`${standIn.origin}/#/health`)
  const rows = main(page).getByRole('list').first().getByRole('listitem')
  const missed = rows.filter({ hasText: 'A challenge was missed.' })
  await expect(missed.first()).toContainText('Critical')
  const before = await missed.count()
  const badge = page.getByRole('navigation').getByLabel(/\d+ open alerts?/)
  const open = Number(await badge.textContent())
  await missed.first().getByRole('button', { name: 'Acknowledge' }).click()
  await expect(missed).toHaveCount(before - 1)
  await expect(badge).toHaveText(String(open - 1))
  await main(page).getByText('All', { exact: true }).click()
  await expect(rows.filter({ hasText: 'Acknowledged' })).toContainText('Resolved')
  await expect(main(page).getByText('Healthy')).toBeVisible()
  await missed.first().getByRole('link', { name: 'Open the challenge' }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save evidence' }).click()
  const evidence = JSON.parse(await readFile(await (await downloading).path(), 'utf8'))
  expect(evidence).toMatchObject({ version: 1, standing: { state: 'missed' } })
})

test('the demo tells its story, breaks on purpose, and starts over after asking', async ({ page }) => {
  await using standIn = await openApp(page, { blockMs: 200 })
  await page.goto(`${standIn.origin}/#/demo`)
  await page.getByRole('button', { name: 'Take offline' }).click()
  await expect(main(page).getByText('Happening now').first()).toBeVisible()
  await page.getByRole('button', { name: 'Reset the demo' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete and start over' }).click()
  await page.getByRole('link', { name: 'Overview', exact: true }).click()
  await expect(page.getByTestId('verdict')).toHaveText('Nothing to keep yet.')
})

test('a lost connection is said aloud and comes back by itself', async ({ page }) => {
  const first = await openApp(page)
  await first[Symbol.asyncDispose]()
  await expect(main(page).getByRole('alert')).toContainText('Connection lost, reconnecting')
  await expect(page.getByTestId('verdict')).toHaveText('The node cannot be heard right now.')
  await using _ = await openStandIn({ port: first.port })
  await expect(main(page).getByRole('alert')).toHaveCount(0, { timeout: 15_000 })
  await expect(page.getByText('Connected', { exact: true })).toBeVisible()
})

test('everything can be reached by keyboard: skip link, palette, language', async ({ page }) => {
  await using _ = await openApp(page)
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Skip to the content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(main(page)).toBeFocused()
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Go to a screen or switch something').fill('proofs')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Proofs' })).toBeVisible()
  await page.getByRole('button', { name: 'Language' }).click()
  await page.getByRole('menuitem', { name: 'Deutsch' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Beweise' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
})

test('the page asks nobody but its own origin and breaks no rule of its CSP', async ({ page }) => {
  const complaints: string[] = []
  const foreign: string[] = []
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(error.message))
  await using standIn = await openStandIn()
  page.on(
    'request',
    request =>
      !request.url().startsWith(standIn.origin) && !request.url().startsWith('blob:') && foreign.push(request.url()),
  )
  await page.goto(standIn.url)
  for (const screen of SCREENS) await screen.open(page, standIn.origin)
  expect({ complaints, foreign }).toEqual({ complaints: [], foreign: [] })
})
