import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isProcess, processRef } from '../base/process-ref.ts'
import { reapStaleAnvil } from './anvil-record.ts'
import { startAnvil } from './start-anvil.ts'

let stateDirectory: string
beforeEach(() => {
  stateDirectory = mkdtempSync(join(tmpdir(), 'emerald-anvil-'))
})
afterEach(() => rmSync(stateDirectory, { recursive: true, force: true }))

const record = () => join(stateDirectory, 'anvil.json')
const start = (port = 0) => startAnvil({ stateDirectory, blockTimeSeconds: 'manual', port })

test('it mines on demand, reorganises, and is gone with its record after dispose', async () => {
  const anvil = await start()
  const ref = processRef(anvil.pid)
  await anvil.mine(70)
  const before = await anvil.request('eth_getBlockByNumber', ['0x7', false])
  await anvil.reorg(64)
  expect(await anvil.request('eth_blockNumber')).toBe('0x46')
  expect(await anvil.request('eth_getBlockByNumber', ['0x7', false])).not.toBeNull()
  expect(await anvil.request('eth_getBlockByNumber', ['0x8', false])).not.toEqual(before)
  for (let again = 0; again < 3; again += 1) await anvil.reorg(32)
  expect(await anvil.request('eth_chainId')).toBe('0x7a69')
  expect(isProcess(ref)).toBe(true)
  await anvil[Symbol.asyncDispose]()
  expect(isProcess(ref)).toBe(false)
  expect(existsSync(record())).toBe(false)
})

test('a port that is taken is replaced by a free one', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const address = taken.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  await using anvil = await start(port)
  expect(anvil.port).not.toBe(port)
  expect(await anvil.request('eth_blockNumber')).toBe('0x0')
  taken.close()
})

test('a chain that cannot start says why', async () => {
  const wrong = startAnvil({ stateDirectory, blockTimeSeconds: 'manual', mnemonic: 'not a mnemonic' })
  await expect(wrong).rejects.toMatchObject({
    code: 'DEVNET_START_FAILED',
    data: { stderr: expect.stringMatching(/word `not` is invalid/) },
  })
  expect(existsSync(record())).toBe(false)
})

test('killing the process that started it with SIGKILL takes anvil along within 2 s', async () => {
  const parent = startElsewhere()
  const anvil = processRef(await pidPrintedBy(parent))
  expect(isProcess(anvil)).toBe(true)
  parent.kill('SIGKILL')
  await vi.waitFor(() => expect(isProcess(anvil)).toBe(false), { timeout: 2_000, interval: 20 })
})

test('an anvil left behind is ended at the next start', async () => {
  const orphan = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
  await once(orphan, 'spawn')
  writeRecord(orphan, { command: 'sleep' })
  const ended = once(orphan, 'exit')
  await using anvil = await start()
  await ended
  expect(JSON.parse(readFileSync(record(), 'utf8'))).toMatchObject({ pid: anvil.pid })
})

test.each([
  ['start time', { startedAt: '1' }],
  ['command', { command: '/somewhere/anvil' }],
])('a process whose %s differs from the record is left alone', async (_, change) => {
  const stranger = spawn('sleep', ['60'], { stdio: 'ignore' })
  await once(stranger, 'spawn')
  writeRecord(stranger, { command: 'sleep', ...change })
  expect(reapStaleAnvil(stateDirectory)).toBe(false)
  expect(isProcess(processRef(stranger.pid ?? 0))).toBe(true)
  expect(stranger.exitCode).toBeNull()
  stranger.kill('SIGKILL')
})

function writeRecord(child: ChildProcess, change: Record<string, string>): void {
  writeFileSync(record(), JSON.stringify({ ...processRef(child.pid ?? 0), ...change }))
}

function startElsewhere(): ChildProcess {
  const script = `
    const { startAnvil } = await import(${JSON.stringify(join(import.meta.dirname, 'start-anvil.ts'))})
    const anvil = await startAnvil({ stateDirectory: ${JSON.stringify(stateDirectory)}, blockTimeSeconds: 'manual' })
    console.log(anvil.pid)`
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function pidPrintedBy(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('no stdout')
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return Number(line)
}
