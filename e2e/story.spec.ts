/** A person at the app, on the demo chain: publishes a file and watches it being attested, challenged and proven. */

import { expect, test } from '@playwright/test'
import { type RunningNode, startNode } from './running-node.ts'

let node: RunningNode
test.beforeAll(async () => {
  node = await startNode({ EMERALD_UPLOAD_MAX_BYTES: '2000000' })
})
test.afterAll(async () => {
  await node[Symbol.asyncDispose]()
})

const EPOCH_MS = 60_000
const file = (name: string, mimeType: string, content: string | Buffer) => ({
  name,
  mimeType,
  buffer: Buffer.from(content),
})

test('a file is uploaded, attested, challenged and proven, and its proof checks', async ({ page }) => {
  await page.goto(node.url)
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  expect(page.url()).not.toContain('token')

  await page.getByRole('link', { name: 'Posts' }).first().click()
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles(file('letter.txt', 'text/plain', 'Dear operators, keep this.\n'.repeat(12_000)))
  await expect(page.getByText('Published', { exact: true })).toBeVisible({ timeout: 30_000 })
  const row = page.getByRole('row').filter({ hasText: 'letter.txt' })
  await expect(row).toContainText('Attested', { timeout: EPOCH_MS })

  await page.getByRole('link', { name: 'Challenges' }).first().click()
  await expect(page.getByRole('row').filter({ hasText: 'Proven' }).first()).toBeVisible({ timeout: 2 * EPOCH_MS })

  await page.getByRole('link', { name: 'Proofs' }).first().click()
  await page.getByRole('row').nth(1).getByRole('link').first().click()
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await expect(page.getByText('The opening is valid')).toBeVisible({ timeout: 30_000 })

  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: /Export/ }).click()
  expect((await download).suggestedFilename()).toMatch(/\.json$/)

  await page.getByRole('link', { name: 'Overview' }).first().click()
  await expect(page.getByText('Your bytes are safe')).toBeVisible({ timeout: EPOCH_MS })
})

test('a wrong kind of file, a too large one and an empty one are refused with a reason', async ({ page }) => {
  await page.goto(node.url)
  await page.getByRole('link', { name: 'Posts' }).first().click()
  const input = page.locator('input[type=file]').first()
  await input.setInputFiles(file('page.html', 'text/html', '<!doctype html><script>alert(1)</script>'))
  await expect(
    page
      .getByRole('alert')
      .filter({ hasText: /not accepted|kind of file/i })
      .first(),
  ).toBeVisible()
  await input.setInputFiles(file('large.bin', 'application/octet-stream', Buffer.alloc(2_000_001, 7)))
  await expect(
    page
      .getByRole('alert')
      .filter({ hasText: /larger|too large/i })
      .first(),
  ).toBeVisible()
  await input.setInputFiles(file('empty.txt', 'text/plain', ''))
  await expect(page.getByRole('alert').filter({ hasText: /empty/i }).first()).toBeVisible()
  // Looks like text by its name; the node looks at the bytes.
  await input.setInputFiles(
    file('disguised.txt', 'text/plain', '<!doctype html><html><script>alert(1)</script></html>'),
  )
  await expect(
    page
      .getByRole('alert')
      .filter({ hasText: /not accepted|kind of file/i })
      .first(),
  ).toBeVisible({ timeout: 20_000 })
})

test('faults on demand are seen and survived, and a reset starts over', async ({ page }) => {
  await page.goto(node.url)
  await page.getByRole('link', { name: 'Demo' }).first().click()
  await page.getByRole('button', { name: 'Publish a sample file' }).click()
  await page.getByRole('link', { name: 'Posts' }).first().click()
  await expect(page.getByRole('row').filter({ hasText: 'sample-1.bin' })).toContainText('Attested', {
    timeout: EPOCH_MS,
  })

  await page.getByRole('link', { name: 'Demo' }).first().click()
  await page.getByRole('button', { name: 'Damage a block' }).click()
  await page.getByRole('button', { name: 'Reorganise' }).click()
  await page.getByRole('button', { name: 'Take offline' }).click()
  await expect(page.getByRole('button', { name: /Bring.*back|back online/i })).toBeVisible()
  await page.getByRole('link', { name: 'Challenges' }).first().click()
  await expect(page.getByRole('row').filter({ hasText: 'Missed' }).first()).toBeVisible({ timeout: 3 * EPOCH_MS })

  await page.getByRole('link', { name: 'Demo' }).first().click()
  await page.getByRole('button', { name: 'Reset the demo' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete and start over' }).click()
  await page.getByRole('link', { name: 'Posts' }).first().click()
  await expect(page.getByText('sample-1.bin')).toHaveCount(0, { timeout: EPOCH_MS })
})
