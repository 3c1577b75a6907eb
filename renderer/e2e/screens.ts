/** Every screen of the app and how to get there. */

import type { Page } from '@playwright/test'

export type Screen = { readonly name: string; readonly open: (page: Page, origin: string) => Promise<void> }

const at = (name: string, route: string): Screen => ({
  name,
  open: (page, origin) => goTo(page, `${origin}/#${route}`),
})

export const SCREENS: readonly Screen[] = [
  at('overview', '/'),
  at('posts', '/posts'),
  { name: 'post', open: (page, origin) => openFirst(page, `${origin}/#/posts`) },
  at('challenges', '/challenges'),
  { name: 'challenge', open: (page, origin) => openFirst(page, `${origin}/#/challenges`) },
  at('proofs', '/proofs'),
  { name: 'proof', open: (page, origin) => openFirst(page, `${origin}/#/proofs`) },
  at('network', '/network'),
  at('health', '/health'),
  at('demo', '/demo'),
]

async function goTo(page: Page, url: string) {
  await page.goto(url)
  await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
}

async function openFirst(page: Page, listUrl: string) {
  await goTo(page, listUrl)
  await page.getByRole('main').locator('tbody a').first().click()
  await page.getByRole('main').locator('dl').first().waitFor()
  await settled(page)
}

/** Nothing is loading any more. */
async function settled(page: Page) {
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
}
