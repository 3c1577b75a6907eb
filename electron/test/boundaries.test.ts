import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const src = join(import.meta.dirname, '../src')
const files = globSync('**/*.ts', { cwd: src }).filter(file => !file.endsWith('.test.ts'))
const filesWith = (pattern: RegExp) => files.filter(file => pattern.test(readFileSync(join(src, file), 'utf8'))).sort()

test('only ipc.ts listens to pages', () => {
  expect(filesWith(/\bipcMain\b/)).toEqual(['ipc.ts'])
})

test('only the preload script speaks to the main process', () => {
  expect(filesWith(/\bipcRenderer\b|\bcontextBridge\b/)).toEqual(['preload.ts'])
})

test('only window.ts makes windows, and only guards.ts opens anything outside', () => {
  expect(filesWith(/new BrowserWindow\b/)).toEqual(['window.ts'])
  expect(filesWith(/\bopenExternal\b/)).toEqual(['guards.ts'])
})

test('the shell knows no feature of the engine', () => {
  const imports = files.flatMap(file => [
    ...readFileSync(join(src, file), 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g),
  ])
  const outside = imports.map(([, name]) => name).filter(name => !name?.startsWith('./') && !name?.startsWith('node:'))
  expect([...new Set(outside)].sort()).toEqual([
    '@emerald/node-core/config.ts',
    '@emerald/node-core/host.ts',
    '@emerald/node-core/log.ts',
    'electron',
  ])
})
