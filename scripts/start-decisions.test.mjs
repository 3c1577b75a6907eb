import { expect, test } from 'vitest'
import {
  browserCommand,
  desktopObstacle,
  exitCodeOf,
  failedToStart,
  hasDisplay,
  isBuildFresh,
  mayFetchElectron,
  nodeArguments,
  openingLine,
  profileArguments,
  readyUrl,
} from './start-decisions.mjs'

const desk = { platform: /** @type {const} */ ('linux'), env: { DISPLAY: ':0' }, isRoot: false }
const url = 'http://127.0.0.1:4000/#token=a&b'

test('the desktop app runs where there are a display, a binary and an ordinary user', () => {
  expect(desktopObstacle({ ...desk, hasBinary: true })).toBeNull()
  expect(desktopObstacle({ ...desk, env: { WAYLAND_DISPLAY: 'wayland-0' }, hasBinary: true })).toBeNull()
  expect(desktopObstacle({ platform: 'darwin', env: {}, isRoot: true, hasBinary: true })).toBeNull()
  expect(desktopObstacle({ platform: 'win32', env: {}, isRoot: false, hasBinary: true })).toBeNull()
})

test('the reason against the desktop app is the one that no download changes', () => {
  const nothing = { ...desk, env: {}, isRoot: true, hasBinary: false }
  expect(desktopObstacle(nothing)).toBe('this machine has no display')
  expect(desktopObstacle({ ...nothing, env: desk.env })).toBe('Electron does not run as root')
  expect(desktopObstacle({ ...nothing, env: desk.env, isRoot: false })).toMatch(/no Electron binary/)
})

test('an empty DISPLAY is no display', () => {
  expect(hasDisplay({ ...desk, env: { DISPLAY: '' } })).toBe(false)
})

test('Electron is fetched only where it could run, and once a day for each version', () => {
  const day = 24 * 60 * 60_000
  expect(mayFetchElectron(desk, { lastFailureMs: null, nowMs: 0 })).toBe(true)
  expect(mayFetchElectron(desk, { lastFailureMs: 0, nowMs: day })).toBe(false)
  expect(mayFetchElectron(desk, { lastFailureMs: 0, nowMs: day + 1 })).toBe(true)
  expect(mayFetchElectron({ ...desk, isRoot: true }, { lastFailureMs: null, nowMs: 0 })).toBe(false)
  expect(mayFetchElectron({ ...desk, env: {} }, { lastFailureMs: null, nowMs: 0 })).toBe(false)
  expect(mayFetchElectron({ ...desk, env: { DISPLAY: ':0', CI: '1' } }, { lastFailureMs: null, nowMs: 0 })).toBe(false)
})

test('the demo is started unless another profile is named', () => {
  expect(nodeArguments([])).toEqual(['start', '--profile', 'demo'])
  expect(nodeArguments(['--port', '0'])).toEqual(['start', '--profile', 'demo', '--port', '0'])
  expect(nodeArguments(['--profile', 'anvil'])).toEqual(['start', '--profile', 'anvil'])
  expect(profileArguments(['--profile=anvil'])).toEqual(['--profile=anvil'])
})

test('each system opens its browser in its own way', () => {
  expect(browserCommand(desk, url)).toEqual(['xdg-open', url])
  expect(browserCommand({ ...desk, platform: 'darwin' }, url)).toEqual(['open', url])
  expect(browserCommand({ ...desk, platform: 'win32' }, url)).toEqual(['rundll32', 'url.dll,FileProtocolHandler', url])
})

test('no browser is opened where nobody looks or nobody wants it', () => {
  expect(browserCommand({ ...desk, env: {} }, url)).toBeNull()
  expect(browserCommand({ ...desk, env: { DISPLAY: ':0', CI: 'true' } }, url)).toBeNull()
  expect(browserCommand({ ...desk, env: { DISPLAY: ':0', EMERALD_NO_BROWSER: '1' } }, url)).toBeNull()
})

test('only the ready event announces an address', () => {
  expect(readyUrl(JSON.stringify({ event: 'ready', url, port: 4000 }))).toBe(url)
  expect(readyUrl(JSON.stringify({ event: 'stopped', url }))).toBeNull()
  expect(readyUrl(JSON.stringify({ event: 'ready' }))).toBeNull()
  expect(readyUrl('{"event":"ready"')).toBeNull()
  expect(readyUrl('null')).toBeNull()
  expect(readyUrl('')).toBeNull()
})

test('one line says where the app is and why', () => {
  expect(openingLine('this machine has no display', url)).toBe(
    `Emerald Node opens in the browser because this machine has no display: ${url}`,
  )
})

test('a stamped build is fresh while its sources are the same, whatever their age', () => {
  const sources = { stamp: 'a', newestMs: 100 }
  expect(isBuildFresh({ builtAtMs: 1, stamp: 'a', sources })).toBe(true)
  expect(isBuildFresh({ builtAtMs: 200, stamp: 'b', sources })).toBe(false)
})

test('a build without a stamp is fresh when it is newer than its sources', () => {
  const sources = { stamp: 'a', newestMs: 100 }
  expect(isBuildFresh({ builtAtMs: 100, stamp: null, sources })).toBe(true)
  expect(isBuildFresh({ builtAtMs: 99, stamp: null, sources })).toBe(false)
  expect(isBuildFresh({ builtAtMs: null, stamp: 'a', sources })).toBe(false)
})

test('Electron failed to start when it died early of a signal that nobody sent', () => {
  const died = { code: null, signal: /** @type {const} */ ('SIGTRAP') }
  expect(failedToStart(died, { afterMs: 100, wasAsked: false })).toBe(true)
  expect(failedToStart(died, { afterMs: 60_000, wasAsked: false })).toBe(false)
  expect(failedToStart(died, { afterMs: 100, wasAsked: true })).toBe(false)
  expect(failedToStart({ code: 1, signal: null }, { afterMs: 100, wasAsked: false })).toBe(false)
})

test('the exit code is that of the child, or stands for its signal', () => {
  expect(exitCodeOf({ code: 3, signal: null })).toBe(3)
  expect(exitCodeOf({ code: null, signal: 'SIGKILL' })).toBe(137)
  expect(exitCodeOf({ code: null, signal: null })).toBe(1)
})
