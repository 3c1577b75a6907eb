/** `emerald contracts` against a real chain: deploy, verify, params, with exit codes and what they print. */

import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTestClient, getAddress, http, zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandError, commandOutput } from '../src/contract/cli.ts'
import { startTestAnvil, type TestAnvil } from '../src/devnet/anvil.fixture.ts'
import { type CommandResult, runCommand } from './support/command.ts'
import { createTempHome } from './support/temp-home.ts'

const home = createTempHome()
const inHome = (name: string): string => join(home.path, name)
const key = inHome('key')
const out = inHome('deployment.json')

let anvil: TestAnvil

beforeAll(async () => {
  anvil = await startTestAnvil({})
  await createTestClient({ mode: 'anvil', transport: http(anvil.url) }).setAutomine(true)
  writeFileSync(key, '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80\n', { mode: 0o600 })
})
afterAll(async () => {
  await anvil[Symbol.asyncDispose]()
  await home[Symbol.asyncDispose]()
})

const run = (...args: string[]): Promise<CommandResult> =>
  runCommand(['contracts', ...args, '--rpc', anvil.url], { home: home.path, timeoutMs: 90_000 })
const deploy = (...args: string[]): Promise<CommandResult> =>
  run('deploy', '--key-file', key, '--profile', 'demo', '--out', out, ...args)

test('a dry run names every contract and its address, and the deployment keeps to it', {
  timeout: 180_000,
}, async () => {
  const planned = commandOutput['contracts deploy'].parse((await deploy('--dry-run', '--json')).json)
  expect(planned).toMatchObject({ isDryRun: true, file: null })
  const { code, json, stderr } = await deploy('--json')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const deployed = commandOutput['contracts deploy'].parse(json)
  expect(deployed.steps).toEqual(planned.steps)
  expect(deployed).toMatchObject({ isDryRun: false, file: out, deployment: { chainId: 31_337 } })
  expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(deployed.deployment)
})

test('it is not deployed over, and whoever repeats the command is told that it is complete', async () => {
  const { code, json } = await deploy('--json')
  expect(code).toBe(1)
  expect(commandError.parse(json)).toMatchObject({
    code: 'FILE_EXISTS',
    data: { path: out, reason: expect.stringContaining('complete deployment') },
  })
})

test.each(['--safe', '--guardian', '--treasury', '--relay'])('nobody is %s by the zero address', async option => {
  const { code, json } = await deploy('--json', '--dry-run', option, zeroAddress)
  expect(code).toBe(2)
  expect(commandError.parse(json)).toMatchObject({ code: 'USAGE', error: expect.stringContaining('zero address') })
})

test('an account without money is told what it needs, and leaves nothing behind', async () => {
  const poor = inHome('poor-key')
  const path = inHome('poor.json')
  writeFileSync(poor, `0x${'11'.repeat(32)}\n`, { mode: 0o600 })
  const args = ['deploy', '--key-file', poor, '--profile', 'demo', '--out', path, '--json']
  const planned = commandOutput['contracts deploy'].parse((await run(...args, '--dry-run')).json)
  const { code, json } = await run(...args)
  expect(code).toBe(1)
  expect(commandError.parse(json)).toMatchObject({
    code: 'BALANCE_TOO_LOW',
    data: { account: planned.deployment.deployer, balanceEther: '0' },
  })
  expect(Number(planned.leastCostWei)).toBeGreaterThan(1e15)
  expect(existsSync(`${path}.under-way.json`)).toBe(false)
})

test.each(['verify', 'params'])(
  '%s names the host of a chain that does not answer, and none of its secrets',
  async name => {
    const { code, json, stderr } = await runCommand(
      ['contracts', name, '--deployment', out, '--json', '--rpc', 'http://user:pass@127.0.0.1:1/v3/path?key=query'],
      { home: home.path },
    )
    expect(code).toBe(1)
    expect(commandError.parse(json)).toMatchObject({ code: 'RPC_UNAVAILABLE', data: { host: '127.0.0.1:1' } })
    expect(JSON.stringify(json) + stderr).not.toMatch(/user|pass|v3|path|query/)
  },
)

test('people are told what is deployed, and that others can read the key', async () => {
  const open = inHome('open-key')
  writeFileSync(open, readFileSync(key))
  chmodSync(open, 0o644)
  const { code, stdout, stderr } = await run('deploy', '--key-file', open, '--profile', 'demo', '--dry-run')
  expect(code).toBe(0)
  expect(stdout).toMatch(/0x[0-9a-fA-F]{40} {2}timelock\n/)
  expect(stdout).toContain('Nothing was sent.')
  if (process.platform !== 'win32') expect(stderr).toContain('chmod 600')
})

test('verify finds no difference, then names the one that was made', async () => {
  const fresh = await run('verify', '--deployment', out, '--json')
  expect(fresh.code).toBe(0)
  expect(commandOutput['contracts verify'].parse(fresh.json).checks.every(check => check.ok)).toBe(true)

  const { seedBeacon } = JSON.parse(readFileSync(out, 'utf8'))
  const miner = createTestClient({ mode: 'anvil', transport: http(anvil.url) })
  const snapshot = await miner.snapshot()
  await miner.setCode({ address: seedBeacon, bytecode: '0x00' })
  const changed = await run('verify', '--deployment', out, '--json')
  await miner.revert({ id: snapshot })
  expect(changed.code).toBe(1)
  expect(commandError.parse(changed.json).code).toBe('DEPLOYMENT_DIFFERS')
  const { checks } = commandOutput['contracts verify'].parse(changed.json)
  expect(checks).toContainEqual({
    name: 'code of seedBeacon',
    ok: false,
    expected: 'that of this build',
    found: 'another',
  })
  const lines = await run('verify', '--deployment', out)
  expect(lines.stdout).toMatch(/^ok {6}chain$/m)
  expect(lines.stdout).toMatch(/\n\d+ things were compared: no difference\.\n$/)
  expect(lines.stdout).toMatch(/^ok {6}GUARDIAN: 0x[0-9a-fA-F]{40}$/m)
})

test('params shows every parameter with its bounds, and that they are safe', async () => {
  const { code, json } = await run('params', '--deployment', out, '--json')
  expect(code).toBe(0)
  const { parameters, checks } = commandOutput['contracts params'].parse(json)
  expect(parameters).toContainEqual({
    name: 'quorumBps',
    value: '6000',
    unit: '1/10,000',
    minimum: '5001',
    maximum: '10000',
    setter: 'ADMIN, at once',
    event: 'RelayParametersChanged',
  })
  expect(checks.length).toBeGreaterThan(0)
  expect(checks.filter(check => !check.ok)).toEqual([])
  const { stdout } = await run('params', '--deployment', out)
  expect(stdout).toMatch(/^window +10 +blocks +1 /m)
})

test('params of a place without contracts', async () => {
  const path = inHome('nowhere.json')
  const nowhere = '0x00000000000000000000000000000000000000aa'
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(out, 'utf8')), custodyChallenges: nowhere }))
  const { code, json } = await run('params', '--deployment', path, '--json')
  expect(code).toBe(1)
  expect(commandError.parse(json)).toMatchObject({
    code: 'CONTRACTS_NOT_FOUND',
    data: { address: getAddress(nowhere) },
  })
})

test('params of another chain', async () => {
  const path = inHome('other-chain.json')
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(out, 'utf8')), chainId: 1 }))
  const { code, json } = await run('params', '--deployment', path, '--json')
  expect({ code, error: commandError.parse(json).code }).toEqual({ code: 1, error: 'CHAIN_ID_MISMATCH' })
})

test.each([
  [11_155_111, [], 'MULTISIG_REQUIRED', 1],
  [11_155_111, ['--safe', '0x00000000000000000000000000000000000000aa'], 'USAGE', 2],
  [42_161, ['--safe', '0x00000000000000000000000000000000000000aa'], 'USAGE', 2],
] as const)('chain %i with %j is %s', async (chainId, args, error, exit) => {
  await using other = await startTestAnvil({ chainId })
  const { code, json } = await runCommand(
    ['contracts', 'deploy', '--rpc', other.url, '--key-file', key, '--profile', 'demo', '--json', ...args],
    { home: home.path },
  )
  expect({ code, error: commandError.parse(json).code }).toEqual({ code: exit, error })
})

test('chains that nobody knows are refused whatever is named', async () => {
  await using other = await startTestAnvil({ chainId: 42_161 })
  const account = '0x00000000000000000000000000000000000000aa'
  await createTestClient({ mode: 'anvil', transport: http(other.url) }).setCode({ address: account, bytecode: '0x00' })
  const named = ['--safe', account, '--guardian', account, '--treasury', account, '--out', inHome('other.json')]
  const { code, json } = await runCommand(
    ['contracts', 'deploy', '--rpc', other.url, '--key-file', key, '--profile', 'public', '--json', ...named],
    { home: home.path },
  )
  expect({ code, error: commandError.parse(json).code }).toEqual({ code: 1, error: 'CHAIN_NOT_SUPPORTED' })
})
