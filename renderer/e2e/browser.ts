/** Finds the system's Chromium and says how the tests start it. */

import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'] as const
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']

/** @throws Error where no browser is on the PATH */
export function chromiumLaunchOptions() {
  return { executablePath: process.env.EMERALD_CHROMIUM ?? findChromium(), headless: true, args: FLAGS }
}

function findChromium(): string {
  for (const name of NAMES) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const candidate = join(folder, name)
      if (isExecutable(candidate)) return candidate
    }
  }
  throw new Error(`none of ${NAMES.join(', ')} is on the PATH`)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
