/** Every command: its help, what wrong usage and failure look like, and that what it prints has the shape that its help shows. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { streamOf } from '../src/blocks/block-node.fixture.ts'
import { cidOfFile } from '../src/blocks/cid-of-file.ts'
import { startGateway } from '../src/blocks/gateway-farm.fixture.ts'
import { type CommandName, commandError, commandOutput } from '../src/contract/cli.ts'
import type { ErrorCode } from '../src/contract/error-codes.ts'
import { BLOB_BYTES } from '../src/kzg/blob-encoding.ts'
import { openDatabase } from '../src/store/database.ts'
import { MIGRATIONS } from '../src/store/migrations.ts'
import { type CommandResult, runCommand } from './support/command.ts'
import { createTempHome } from './support/temp-home.ts'

const home = createTempHome()
afterAll(() => home[Symbol.asyncDispose]())

const inHome = (name: string): string => join(home.path, name)
function write(name: string, content: string | Uint8Array): string {
  writeFileSync(inHome(name), content)
  return inHome(name)
}
const small = write('small.txt', 'some bytes\n')
const empty = write('empty.txt', '')
const notJson = write('not.json', '{')
const otherJson = write('other.json', '{"a":1}')
const missing = inHome('missing.bin')

const run = (args: readonly string[], env: Record<string, string> = {}): Promise<CommandResult> =>
  runCommand(args, { home: home.path, env, timeoutMs: 60_000 })

/** As Node prints one; a log line has none, it is JSON. */
const STACK = /^\s+at .+:\d+:\d+\)?$/m
function expectNoStack({ stdout, stderr }: CommandResult): void {
  expect(stdout).not.toMatch(STACK)
  expect(stderr).not.toMatch(STACK)
}

const COMMANDS = [
  'start',
  'demo',
  'publish',
  'posts',
  'posts forget',
  'challenges',
  'proofs',
  'proof verify',
  'kzg encode',
  'kzg commit',
  'kzg open',
  'kzg verify',
  'challenge-point',
  'ipfs add',
  'ipfs cat',
  'ipfs fetch',
  'ipfs export',
  'ipfs import',
  'doctor',
  'config',
  'db migrate',
  'db verify',
  'contracts deploy',
  'contracts verify',
  'contracts params',
]

describe('help', () => {
  test('the command itself names every command', async () => {
    const { code, stdout } = await run(['--help'])
    expect(code).toBe(0)
    for (const command of COMMANDS) expect(stdout).toContain(`\n  ${command.split(' ')[0]} `)
  })

  test.each(COMMANDS)('emerald %s --help shows what it prints with --json', async command => {
    const { code, stdout, stderr } = await run([...command.split(' '), '--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('--json')
    expect(stdout).toMatch(/With --json:\n\{\n {2}\w+/)
  })
})

const hash = `0x${'00'.repeat(32)}`
const point = `0x${'c0'.padEnd(96, '0')}`
const opening = ['--commitment', point, '--z', '1', '--y', '1', '--proof', point]
const challenge = ['--post-id', hash, '--operator', '0', '--salt', hash, '--level', '0', '--root', hash]

const deployment = ['contracts', 'deploy', '--rpc', 'http://127.0.0.1:1', '--key-file', small]

const WRONG_USAGE: readonly (readonly string[])[] = [
  [],
  ['fly'],
  ['--nonsense'],
  ...COMMANDS.map(command => [...command.split(' '), '--nonsense']),
  ['start', '--port', '65536'],
  ['start', '--port', 'any'],
  ['start', 'now'],
  ['demo', '--blobs', '0'],
  ['demo', '--operators', '21'],
  ['demo', '--epochs', '-1'],
  ['demo', '--reorg', '33'],
  ['publish'],
  ['publish', small, small],
  ['publish', small, '--term-epochs', '0'],
  ['posts', '--limit', '201'],
  ['posts', 'forget'],
  ['challenges', '--operator', '256'],
  ['proofs', '--export', 'only-an-id'],
  ['challenges', '--evidence', 'only-an-id'],
  ['proof'],
  ['proof', 'verify'],
  ['kzg'],
  ['kzg', 'encode'],
  ['kzg', 'open', small, ...challenge.slice(2)],
  ['kzg', 'open', small, ...challenge.slice(0, -1), '0x12'],
  ['kzg', 'open', small, ...challenge, '--blobs-at-level', '1,2'],
  ['kzg', 'verify', ...opening.slice(2)],
  ['kzg', 'verify', ...opening.slice(0, -1), '0x12'],
  ['kzg', 'verify', '--commitment', point, '--z', 'one', '--y', '1', '--proof', point],
  ['challenge-point', '--dst', 'A'],
  ['challenge-point', '--dst', '', '--message', '0x'],
  ['challenge-point', '--dst', 'A'.repeat(256), '--message', '0x'],
  ['challenge-point', '--dst', 'A', '--message', 'zz'],
  ['ipfs', 'add'],
  ['ipfs', 'cat', 'bafy'],
  ['ipfs', 'export', 'bafy'],
  ['ipfs', 'export', 'bafy', inHome('x'), inHome('y')],
  ['ipfs', 'import'],
  ['ipfs', 'fetch', 'bafy', '--out', inHome('x')],
  ['ipfs', 'fetch', 'bafy', '--gateway', 'http://127.0.0.1:1'],
  ['ipfs', 'fetch', 'bafy', '--gateway', 'ftp://127.0.0.1', '--out', inHome('x')],
  ['ipfs', 'fetch', 'bafy', '--gateway', 'http://127.0.0.1:1', '--out', inHome('x'), '--max-bytes', '0'],
  ['db'],
  ['contracts'],
  ['contracts', 'deploy', '--rpc', 'http://127.0.0.1:1', '--profile', 'demo'],
  ['contracts', 'deploy', '--rpc', 'http://127.0.0.1:1', '--key-file', small],
  ['contracts', 'deploy', '--rpc', 'file:///chain', '--key-file', small, '--profile', 'demo'],
  [...deployment, '--profile', 'staging'],
  [...deployment, '--profile', 'demo', '--safe', '0x12'],
  [...deployment, '--profile', 'demo', '--relay', '0x12'],
  [...deployment, '--profile', 'demo', '--delay', '0'],
  [...deployment, '--profile', 'demo', '--lead', '0'],
  ['contracts', 'verify', '--rpc', 'http://127.0.0.1:1'],
  ['contracts', 'params', '--deployment', small],
]

test.each(WRONG_USAGE.map(args => [args.join(' ').replaceAll(home.path, '…').slice(0, 90), args] as const))(
  'wrong usage exits 2 and says why: emerald %s',
  async (_, args) => {
    const result = await run([...args, '--json'])
    expect(result.code).toBe(2)
    expect(commandError.parse(result.json)).toMatchObject({ code: 'USAGE' })
    expectNoStack(result)
  },
)

const blocked = join(write('a-file', ''), 'data')
const onNoChain = ['--rpc', 'http://127.0.0.1:1']
const keyFile = write('key', `0x${'11'.repeat(32)}\n`)
const CID_OF_NONE = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
const absent = ['--data-dir', inHome('none')]
const FAILURES: readonly (readonly [readonly string[], ErrorCode, Record<string, string>?])[] = [
  [['start', '--profile', 'sepolia'], 'KEY_REQUIRED'],
  [['start', '--profile', '../demo'], 'CONFIG_INVALID'],
  [['start'], 'CONFIG_INVALID', { EMERALD_OPERATORS: 'many' }],
  [['start'], 'CONFIG_INVALID', { EMERALD_RPC_URL: 'http://127.0.0.1:1' }],
  [['start', '--data-dir', blocked], 'DATA_DIR_NOT_WRITABLE'],
  [['start', '--profile', 'anvil', '--port', '0'], 'RPC_UNAVAILABLE', { EMERALD_RPC_URL: 'http://127.0.0.1:1' }],
  [['demo', '--file', missing], 'FILE_NOT_FOUND'],
  [['demo', '--file', empty], 'EMPTY_FILE'],
  [['demo'], 'CONFIG_INVALID', { EMERALD_PROVER_WORKERS: '0' }],
  [['publish', small, ...absent], 'NODE_NOT_RUNNING'],
  [['posts', ...absent], 'NODE_NOT_RUNNING'],
  [['posts', 'forget', hash, ...absent], 'NODE_NOT_RUNNING'],
  [['challenges', ...absent], 'NODE_NOT_RUNNING'],
  [['proofs', ...absent], 'NODE_NOT_RUNNING'],
  [['proofs', '--export', 'no-id', inHome('x.json'), ...absent], 'VALIDATION_ERROR'],
  [['challenges', '--evidence', 'no-id', inHome('x.json'), ...absent], 'VALIDATION_ERROR'],
  [['ipfs', 'add', small, ...absent], 'NODE_NOT_RUNNING'],
  [['ipfs', 'export', 'bafy', inHome('x'), ...absent], 'NODE_NOT_RUNNING'],
  [['ipfs', 'import', small, ...absent], 'NODE_NOT_RUNNING'],
  [['ipfs', 'cat', 'bafy', '--out', inHome('x'), ...absent], 'NODE_NOT_RUNNING'],
  [
    ['ipfs', 'fetch', 'bafy', '--out', inHome('x')],
    'VALIDATION_ERROR',
    { EMERALD_IPFS_GATEWAYS: 'http://127.0.0.1:1' },
  ],
  [['ipfs', 'fetch', CID_OF_NONE, '--gateway', 'http://127.0.0.1:1', '--out', inHome('x')], 'IPFS_FETCH_FAILED'],
  [['ipfs', 'fetch', CID_OF_NONE, '--gateway', 'http://127.0.0.1:1', '--out', join(blocked, 'x')], 'FILE_NOT_WRITABLE'],
  [['proof', 'verify', missing], 'FILE_NOT_FOUND'],
  [['proof', 'verify', home.path], 'FILE_NOT_FOUND'],
  [['proof', 'verify', empty], 'EMPTY_FILE'],
  [['proof', 'verify', notJson], 'MALFORMED_BUNDLE'],
  [['proof', 'verify', otherJson], 'MALFORMED_BUNDLE'],
  [['kzg', 'encode', missing, '--out', inHome('x')], 'FILE_NOT_FOUND'],
  [['kzg', 'encode', small, '--out', join(blocked, 'x')], 'FILE_NOT_WRITABLE'],
  [['kzg', 'commit', missing], 'FILE_NOT_FOUND'],
  [['kzg', 'commit', empty], 'EMPTY_FILE'],
  [['kzg', 'commit', home.path], 'FILE_NOT_FOUND'],
  [['kzg', 'commit', small], 'CONFIG_INVALID', { EMERALD_PROVER_WORKERS: 'x' }],
  [['kzg', 'open', missing, ...challenge], 'FILE_NOT_FOUND'],
  [['kzg', 'open', empty, ...challenge], 'EMPTY_FILE'],
  [['kzg', 'verify', ...opening], 'PROOF_INVALID'],
  [['kzg', 'verify', ...opening.slice(0, -1), `0x${'ff'.repeat(48)}`], 'PROOF_INVALID'],
  [['config', '--profile', 'UPPER'], 'CONFIG_INVALID'],
  [['config'], 'CONFIG_INVALID', { EMERALD_PORT: 'x' }],
  [['doctor'], 'CONFIG_INVALID', { EMERALD_PORT: 'x' }],
  [['db', 'migrate', ...absent], 'FILE_NOT_FOUND'],
  [['db', 'migrate', '--data-dir', blocked], 'DATA_DIR_NOT_WRITABLE'],
  [['db', 'verify', ...absent], 'FILE_NOT_FOUND'],
  [['contracts', 'deploy', ...onNoChain, '--key-file', missing, '--profile', 'demo'], 'FILE_NOT_FOUND'],
  [['contracts', 'deploy', ...onNoChain, '--key-file', small, '--profile', 'demo'], 'VALIDATION_ERROR'],
  [['contracts', 'deploy', ...onNoChain, '--key-file', keyFile, '--profile', 'demo'], 'RPC_UNAVAILABLE'],
  [['contracts', 'verify', ...onNoChain, '--deployment', missing], 'FILE_NOT_FOUND'],
  [['contracts', 'verify', ...onNoChain, '--deployment', notJson], 'MALFORMED_DEPLOYMENT'],
  [['contracts', 'params', ...onNoChain, '--deployment', otherJson], 'MALFORMED_DEPLOYMENT'],
]

describe('a failure exits 1 with its code, as JSON on stdout or as a sentence on stderr', () => {
  const named = FAILURES.map(([args, code, env = {}]) => {
    const set = Object.entries(env).map(([name, value]) => `${name}=${value} `)
    return [`${set.join('')}${args.join(' ').replaceAll(home.path, '…').slice(0, 90)}`, code, args, env] as const
  })

  test.each(named)('%s: %s', async (_, code, args, env) => {
    const result = await run([...args, '--json'], env)
    expect({ ...commandError.parse(result.json), exit: result.code }).toMatchObject({ code, exit: 1 })
    expectNoStack(result)
  })

  test('without --json stdout stays empty', async () => {
    const result = await run(['kzg', 'commit', missing])
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toBe(`No such file, or it cannot be read. (FILE_NOT_FOUND)\n  path: ${missing}\n`)
  })
})

describe('success', () => {
  const outputOf = async <K extends CommandName>(command: K, ...args: string[]) => {
    const result = await run([...command.split(' '), ...args, '--json'])
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expectNoStack(result)
    return commandOutput[command].parse(result.json)
  }

  test('kzg encode, commit, open and verify agree with each other', async () => {
    const file = write('two-blobs.bin', new Uint8Array(130_000).fill(7))
    const out = inHome('blobs')
    expect(await outputOf('kzg encode', file, '--out', out)).toMatchObject({ byteLength: 130_000, blobs: 2 })
    expect(readFileSync(out)).toHaveLength(2 * BLOB_BYTES)
    expect(await outputOf('kzg encode', file)).toEqual({ ok: true, byteLength: 130_000, blobs: 2, file: null })
    const committed = commandOutput['kzg commit'].parse(await outputOf('kzg commit', file))
    expect(committed).toMatchObject({ byteLength: 130_000, blobs: 2 })
    const asked = [...challenge.slice(0, -1), committed.root, '--blobs-at-level', '1,1,1']
    const opened = commandOutput['kzg open'].parse(await outputOf('kzg open', file, ...asked))
    expect(committed.commitments[opened.indexes[0] ?? -1]).toBe(opened.commitment)
    const { commitment, z, y, proof } = opened
    await outputOf('kzg verify', '--commitment', commitment, '--z', z, '--y', y, '--proof', proof)
    const wrong = ['--commitment', commitment, '--z', z, '--y', String(BigInt(y) + 1n), '--proof', proof]
    expect((await run(['kzg', 'verify', ...wrong, '--json'])).code).toBe(1)
  })

  test('ipfs fetch gets a file past a bad gateway; without a good one it names the last', async () => {
    const bytes = new Uint8Array(1_000).fill(9)
    const cid = String(await cidOfFile(streamOf(bytes)))
    const blocks = new Map([[cid, bytes]])
    const [bad, good] = [await startGateway(blocks, 'corrupt'), await startGateway(blocks)]
    const out = inHome('fetched.bin')
    const fetched = await outputOf('ipfs fetch', cid, '--gateway', bad.url, good.url, '--out', out)
    expect(fetched).toMatchObject({ cid, bytes: 1_000, source: good.url })
    expect(readFileSync(out)).toEqual(Buffer.from(bytes))
    const refused = await run(['ipfs', 'fetch', cid, '--gateway', bad.url, '--out', inHome('no.bin'), '--json'])
    expect(refused).toMatchObject({ code: 1, json: { ok: false, code: 'IPFS_FETCH_FAILED', gateway: bad.url } })
    const capped = await run([
      'ipfs',
      'fetch',
      cid,
      '--gateway',
      good.url,
      '--max-bytes',
      '999',
      '--out',
      out,
      '--json',
    ])
    expect(capped).toMatchObject({ code: 1, json: { ok: false, code: 'IPFS_SIZE_CAP', gateway: null } })
  })

  test('challenge-point', async () => {
    const { scalar } = commandOutput['challenge-point'].parse(
      await outputOf('challenge-point', '--dst', 'A', '--message', '0x'),
    )
    expect(BigInt(scalar)).toBeGreaterThan(2n ** 200n)
  })

  test('config says where each value came from', async () => {
    const { json } = await run(['config', '--data-dir', inHome('d'), '--json'], { EMERALD_OPERATORS: '2' })
    const { entries } = commandOutput.config.parse(json)
    expect(entries).toContainEqual({ name: 'operators', value: '2', source: 'environment' })
    expect(entries).toContainEqual({ name: 'dataDirectory', value: inHome('d'), source: 'flag' })
  })

  test('db migrate and verify; a schema that was changed by hand is named', async () => {
    const data = inHome('with-database')
    mkdirSync(join(data, 'node'), { recursive: true })
    const path = join(data, 'node', 'node.sqlite')
    openDatabase(path).close()
    expect(await outputOf('db migrate', '--data-dir', data)).toEqual({ ok: true, version: MIGRATIONS.length })
    expect(await outputOf('db verify', '--data-dir', data)).toEqual({ ok: true, differences: [] })
    const db = openDatabase(path)
    db.exec('CREATE TABLE mine (a TEXT)')
    db.close()
    const { code, json } = await run(['db', 'verify', '--data-dir', data, '--json'])
    expect(code).toBe(1)
    expect(commandError.parse(json).code).toBe('DATABASE_ERROR')
    expect(commandOutput['db verify'].parse(json).differences).toEqual(['table mine is not in the migrations'])
  })

  test('db migrate sets a damaged database aside, says where, and the next one starts afresh', async () => {
    const data = inHome('with-damage')
    mkdirSync(join(data, 'node'), { recursive: true })
    writeFileSync(join(data, 'node', 'node.sqlite'), 'damaged '.repeat(1_000))
    const { code, json } = await run(['db', 'migrate', '--data-dir', data, '--json'])
    const error = commandError.parse(json)
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'DATABASE_CORRUPT' })
    expect(readFileSync(String(error.data?.asidePath), 'utf8')).toBe('damaged '.repeat(1_000))
  })

  test('doctor without a node looks at what stands outside, and each fault has a fix', async () => {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const port = String((server.address() as AddressInfo).port) // it listens on TCP
    const { code, json } = await run(['doctor', '--json'], { EMERALD_PORT: port })
    await new Promise(resolve => server.close(resolve))
    expect(code).toBe(1)
    const { ok, checks } = commandOutput.doctor.parse(json)
    expect(ok).toBe(false)
    expect(checks.filter(check => !check.ok)).toEqual([
      { name: 'port', ok: false, found: `${port} is taken`, fix: expect.stringContaining('--port') },
    ])
  })
})
