/** Where each setting comes from, and what is refused. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isAppError } from './base/app-error.ts'
import { loadConfig } from './config.ts'
import { configEntries } from './config-entries.ts'
import { headUrlsOf, rpcUrlsOf } from './config-urls.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'emerald-config-'))
})
afterEach(() => rmSync(home, { recursive: true }))

function writeConfigFile(text: string, profile = 'demo'): void {
  mkdirSync(join(home, profile), { recursive: true })
  writeFileSync(join(home, profile, 'config.json'), text)
}

function refusalOf(load: () => unknown): unknown {
  try {
    load()
  } catch (error) {
    return isAppError(error, 'CONFIG_INVALID') ? error.data : error
  }
  return undefined
}

describe('precedence', () => {
  test('a default gives way to the file, the file to the environment, the environment to a flag', () => {
    const load = (flags: { port?: number }, environment: Record<string, string>) => {
      const { port, sources } = loadConfig({ home, ...flags }, environment)
      return { port, source: sources.port }
    }
    expect(load({}, {})).toEqual({ port: 4_780, source: 'default' })
    writeConfigFile('{"port": 1001}')
    expect(load({}, {})).toEqual({ port: 1_001, source: 'file' })
    expect(load({}, { EMERALD_PORT: '1002' })).toEqual({ port: 1_002, source: 'environment' })
    expect(load({ port: 1_003 }, { EMERALD_PORT: '1002' })).toEqual({ port: 1_003, source: 'flag' })
  })

  test('an empty variable counts as none', () => {
    expect(loadConfig({ home }, { EMERALD_OPERATORS: '' })).toMatchObject({
      operators: 3,
      sources: { operators: 'default' },
    })
  })

  test('the profile picks the file', () => {
    writeConfigFile('{"operators": 5}', 'anvil')
    expect(loadConfig({ home }, {}).operators).toBe(3)
    expect(loadConfig({ home }, { EMERALD_PROFILE: 'anvil' }).operators).toBe(5)
  })

  test('a data directory of its own replaces home and profile', () => {
    const directory = join(home, 'elsewhere')
    expect(loadConfig({ home, dataDirectory: directory }, {}).dataDirectory).toBe(directory)
    expect(loadConfig({ home, profile: 'anvil' }, {}).dataDirectory).toBe(join(home, 'anvil'))
  })
})

describe('refusals', () => {
  const refused: readonly (readonly [string, string])[] = [
    ['EMERALD_PROFILE', '../etc'],
    ['EMERALD_RPC_URL', 'ftp://localhost'],
    ['EMERALD_RPC_URL', 'not a url'],
    ['EMERALD_RPC_URL', 'http://a.example,'],
    ['EMERALD_RPC_URL', 'http://a.example,ftp://b.example'],
    ['EMERALD_RPC_URL', 'ws://a.example'],
    ['EMERALD_RPC_URL', 'http://a.example, http://a.example'],
    ['EMERALD_RPC_URL', Array.from({ length: 9 }, (_, at) => `http://${at}.example`).join()],
    ['EMERALD_PORT', '65536'],
    ['EMERALD_PORT', 'http'],
    ['EMERALD_PUBLIC_PORT', '-1'],
    ['EMERALD_PUBLIC_PROXY', 'maybe'],
    ['EMERALD_RELAY_URLS', 'http://a.example,b.example'],
    ['EMERALD_IPFS_GATEWAYS', 'ipfs.example'],
    ['IPFS_API', '/ip4/127.0.0.1/tcp/5001'],
    ['EMERALD_OPERATORS', '0'],
    ['EMERALD_OPERATORS', '21'],
    ['EMERALD_BLOCK_SECONDS', '0.5'],
    ['EMERALD_PROVER_WORKERS', '-1'],
    ['EMERALD_UPLOAD_MAX_BYTES', '1e99'],
    ['EMERALD_FETCH_TIMEOUT_MS', '10'],
    ['LOG_LEVEL', 'loud'],
  ]
  test.each(refused)('%s=%s is refused by its name', (name, value) => {
    expect(refusalOf(() => loadConfig({ home }, { [name]: value }))).toMatchObject({ name, source: 'environment' })
  })

  test('a value in the file is refused with the file as its source', () => {
    writeConfigFile('{"operators": "many"}')
    expect(refusalOf(() => loadConfig({ home }, {}))).toMatchObject({ name: 'operators', source: 'file' })
  })

  test.each(['{', '[]', '"text"', 'null'])('a file that holds %s is refused with its path', text => {
    writeConfigFile(text)
    expect(refusalOf(() => loadConfig({ home }, {}))).toMatchObject({
      name: join(home, 'demo', 'config.json'),
      source: 'file',
    })
  })

  test('a name in the file that is no setting is refused, so that a slip of the pen is seen', () => {
    writeConfigFile('{"operaters": 2}')
    expect(refusalOf(() => loadConfig({ home }, {}))).toMatchObject({ name: 'operaters', source: 'file' })
  })
})

test('the effective configuration names every setting once with its source', () => {
  const entries = configEntries(loadConfig({ home, port: 0 }, { EMERALD_OPERATORS: '2' }))
  expect(entries).toContainEqual({ name: 'port', value: '0', source: 'flag' })
  expect(entries).toContainEqual({ name: 'operators', value: '2', source: 'environment' })
  expect(entries).toContainEqual({ name: 'blockSeconds', value: '1', source: 'default' })
  expect(new Set(entries.map(each => each.name)).size).toBe(entries.length)
})

test('credentials in an RPC address are not shown', () => {
  const entries = configEntries(loadConfig({ home, rpcUrl: 'https://user:secret@rpc.example/v3/key?apikey=k' }, {}))
  expect(entries.find(each => each.name === 'rpcUrl')?.value).toBe('https://rpc.example/***')
})

test('several RPC addresses keep their order, and each is shown without its credentials', () => {
  const config = loadConfig(
    { home },
    { EMERALD_RPC_URL: 'https://b.example/v3/key, http://127.0.0.1:8545,https://a.example?k=1' },
  )
  expect(rpcUrlsOf(config)).toEqual(['https://b.example/v3/key', 'http://127.0.0.1:8545', 'https://a.example?k=1'])
  const shown = configEntries(config).find(each => each.name === 'rpcUrl')?.value
  expect(shown).toBe('https://b.example/***,http://127.0.0.1:8545,https://a.example/***')
  expect(rpcUrlsOf(loadConfig({ home }, {}))).toEqual([])
})

test('WebSocket addresses tell of heads, the others are asked, and none shows its credentials', () => {
  const config = loadConfig(
    { home },
    { EMERALD_RPC_URL: 'wss://a.example/v3/key,https://a.example/v3/key,ws://b.example' },
  )
  expect(rpcUrlsOf(config)).toEqual(['https://a.example/v3/key'])
  expect(headUrlsOf(config)).toEqual(['wss://a.example/v3/key', 'ws://b.example'])
  const shown = configEntries(config).find(each => each.name === 'rpcUrl')?.value
  expect(shown).toBe('wss://a.example/***,https://a.example/***,ws://b.example')
})

test('a refused address is not repeated', () => {
  expect(JSON.stringify(refusalOf(() => loadConfig({ home }, { EMERALD_RPC_URL: 'ftp://u:secret@x' })))).not.toContain(
    'secret',
  )
})
