/** Finds a Chromium for the end-to-end tests, or installs one: Debian's package as root, Playwright's own download elsewhere. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** @returns the path of a browser, or undefined. `EMERALD_CHROMIUM` names one directly. */
export function findChromium() {
  const named = process.env.EMERALD_CHROMIUM
  if (named !== undefined && existsSync(named)) return named
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.flatMap(folder => NAMES.map(name => join(folder, name))).find(isExecutable) ?? playwrightsOwn()
}

/** @returns the path, or undefined with the reason on stderr. */
export function ensureChromium() {
  return (
    findChromium() ??
    (installWithApt() ? findChromium() : undefined) ??
    (installWithPlaywright() ? findChromium() : undefined)
  )
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function playwrightsOwn() {
  const asked = spawnSync(
    process.execPath,
    ['-e', "import('@playwright/test').then(p => console.log(p.chromium.executablePath()))"],
    { encoding: 'utf8' },
  )
  const path = asked.stdout?.trim()
  return path && existsSync(path) ? path : undefined
}

function installWithApt() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 600_000 }
  process.stderr.write('installing chromium from the distribution\n')
  spawnSync('apt-get', ['update'], options)
  return spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], options).status === 0
}

function installWithPlaywright() {
  process.stderr.write('asking Playwright for its Chromium\n')
  return spawnSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'ignore', timeout: 120_000 }).status === 0
}
