/** Takes pictures of every screen in both sizes and both themes: `node e2e/take-screenshots.ts FOLDER [light|dark] [language]`. */

import { chromium } from '@playwright/test'
import { openStandIn } from '../test/stand-in-engine.ts'
import { chromiumLaunchOptions } from './browser.ts'
import { SCREENS } from './screens.ts'

const [folder = '.', onlyScheme, language = 'en'] = process.argv.slice(2)
const SIZES = [
  { width: 1_280, height: 800 },
  { width: 1_920, height: 1_080 },
]

await using standIn = await openStandIn()
const browser = await chromium.launch(chromiumLaunchOptions())
for (const colorScheme of ['light', 'dark'] as const) {
  if (onlyScheme && onlyScheme !== colorScheme) continue
  for (const viewport of SIZES) {
    const page = await browser.newPage({ viewport, colorScheme, locale: language })
    page.on('console', message => process.stderr.write(message.type() === 'error' ? `${message.text()}\n` : ''))
    page.on('pageerror', error => process.stderr.write(`${error.stack}\n`))
    await page.goto(standIn.url)
    for (const screen of SCREENS) {
      await screen.open(page, standIn.origin)
      await page.waitForFunction(() =>
        document
          .getAnimations()
          .every(
            animation =>
              animation.playState !== 'running' ||
              animation.effect?.getTiming().iterations === Number.POSITIVE_INFINITY,
          ),
      )
      await page.screenshot({ path: `${folder}/${screen.name}-${viewport.width}-${colorScheme}-${language}.png` })
    }
    await page.close()
  }
}
await browser.close()
