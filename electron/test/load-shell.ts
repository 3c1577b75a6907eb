/** Starts a fresh "process" of the shell over the stand-in, with a bundle on disk. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import type { OpenHost } from '../src/engine-host.ts'
import type { ShellDeps } from '../src/start-shell.ts'
import { createStandInEngine } from './stand-in-engine.ts'

export type LogLine = { readonly event: string } & Readonly<Record<string, unknown>>

/** A folder that is gone when the test ends. */
export function makeTempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'emerald-shell-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** `bundle/index.html` and `bundle/assets/app.js`, with `secret.txt` beside the bundle. */
export function makeBundle(): string {
  const dir = makeTempDir()
  mkdirSync(join(dir, 'bundle/assets'), { recursive: true })
  writeFileSync(join(dir, 'secret.txt'), 'outside')
  writeFileSync(join(dir, 'bundle/index.html'), '<!doctype html><title>app</title>')
  writeFileSync(join(dir, 'bundle/assets/app.js'), 'export {}')
  writeFileSync(join(dir, 'bundle/.hidden'), 'hidden')
  return join(dir, 'bundle')
}

/** Modules anew: a second call in one test is a second process on the same machine. */
export async function loadElectron() {
  vi.resetModules()
  return import('./stand-in/electron.ts')
}

/** @param options `appData` is shared by two processes of one test */
export async function prepareShell(options: Partial<ShellDeps> & { appData?: string; openHost?: OpenHost } = {}) {
  const electron = await loadElectron()
  const { startShell } = await import('../src/start-shell.ts')
  await import('../src/preload.ts')
  const { appData = makeTempDir(), ...overrides } = options
  electron.app.setPath('appData', appData)
  electron.app.args = overrides.args ?? []
  const engine = createStandInEngine()
  const logged: LogLine[] = []
  const deps: ShellDeps = {
    openHost: async () => engine,
    log: (event, fields) => logged.push({ event, ...fields }),
    args: [],
    dataDirectory: '/data/demo',
    bundleDir: makeBundle(),
    preload: '/app/preload.cjs',
    shutdownTimeoutMs: 500,
    ...overrides,
  }
  const start = () => {
    const started = startShell(deps)
    electron.app.becomeReady()
    return started
  }
  const window = () => {
    const [first] = electron.BrowserWindow.all
    if (!first) throw new Error('no window')
    return first
  }
  return { ...electron, engine, logged, startShell: () => startShell(deps), start, window }
}
