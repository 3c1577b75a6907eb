import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const config = readFileSync(join(import.meta.dirname, '../../electron-builder.yml'), 'utf8')

/** The entries indented below a key of the first level, comments and blanks aside. */
function section(key: string): string[] {
  const body = new RegExp(`^${key}:\\n((?:[ #].*\\n|\\n)*)`, 'm').exec(config)?.[1] ?? ''
  return body
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
}

test('a release respects no variable or switch that runs foreign code, and loads nothing but its archive', () => {
  expect(section('electronFuses').sort()).toEqual([
    'enableCookieEncryption: true',
    'enableEmbeddedAsarIntegrityValidation: true',
    'enableNodeCliInspectArguments: false',
    'enableNodeOptionsEnvironmentVariable: false',
    'grantFileProtocolExtraPrivileges: false',
    'loadBrowserProcessSpecificV8Snapshot: false',
    'onlyLoadAppFromAsar: true',
    'runAsNode: false',
  ])
})

test('libraries and programs lie outside of the archive', () => {
  expect(section('asarUnpack')).toEqual([
    '- node_modules/better-sqlite3/**',
    '- node_modules/c-kzg/**',
    '- node_modules/@foundry-rs/anvil*/**',
  ])
})
