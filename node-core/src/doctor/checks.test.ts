/** Each check of the doctor made to fail once, with the fix that it then names. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../store/database.ts'
import * as doctor from './checks.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'emerald-doctor-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const good = { ok: true, fix: '' }

test('an old Node', () => {
  expect(doctor.checkNodeVersion('24.1.0')).toMatchObject(good)
  expect(doctor.checkNodeVersion('20.19.0')).toMatchObject({ ok: false, found: '20.19.0' })
  expect(doctor.checkNodeVersion('20.19.0').fix).toContain('npm start')
})

test('a data directory that is a file', () => {
  expect(doctor.checkDataDirectory(join(directory, 'new'))).toMatchObject(good)
  const path = join(directory, 'file')
  writeFileSync(path, '')
  const { ok, fix } = doctor.checkDataDirectory(join(path, 'demo'))
  expect(ok).toBe(false)
  expect(fix).toContain(`Make ${path}/demo writable`)
  expect(fix).toContain('EMERALD_HOME')
})

test('a disk that is nearly full, and one that is not there', async () => {
  expect(await doctor.checkDiskSpace(directory, 1)).toMatchObject(good)
  expect(await doctor.checkDiskSpace(directory, Number.MAX_SAFE_INTEGER)).toMatchObject({
    ok: false,
    fix: 'Free some disk space, or move the data directory to a larger disk.',
  })
  expect((await doctor.checkDiskSpace(join(directory, 'none'))).fix).toContain('is there and mounted')
})

test('a prover whose native part does not load', async () => {
  expect(await doctor.checkProver()).toMatchObject(good)
  const broken = await doctor.checkProver(() => Promise.reject(new Error('kzg.node: invalid ELF header')))
  expect(broken).toMatchObject({ ok: false, found: 'kzg.node: invalid ELF header' })
  expect(broken.fix).toContain('npm ci')
})

test('a damaged database', () => {
  expect(doctor.checkDatabase(directory)).toMatchObject({ ...good, found: 'none yet' })
  mkdirSync(join(directory, 'node'))
  const path = join(directory, 'node', 'node.sqlite')
  openDatabase(path).close()
  expect(doctor.checkDatabase(directory)).toMatchObject(good)
  writeFileSync(path, 'not a database at all, and long enough to be read as one'.repeat(100))
  const { ok, fix } = doctor.checkDatabase(directory)
  expect(ok).toBe(false)
  expect(fix).toContain('sets the damaged file aside')
})

test('a port that is taken', async () => {
  expect(await doctor.checkPort(0)).toMatchObject(good)
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP
  const { ok, found, fix } = await doctor.checkPort(port)
  expect({ ok, found }).toEqual({ ok: false, found: `${port} is taken` })
  expect(fix).toContain('--port')
  await new Promise(resolve => server.close(resolve))
})

test('a chain that does not answer, and an address where something else does', async () => {
  let answer = '{"jsonrpc":"2.0","id":1,"result":"0x7a69"}'
  const server = createServer((_, response) => response.end(answer))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on TCP
  expect(await doctor.checkChain(url)).toMatchObject({ ...good, found: 'chain id 31337' })
  answer = '{"hello":"world"}'
  expect(await doctor.checkChain(url)).toMatchObject({ ok: false, found: 'no chain id' })
  answer = '<html>'
  expect((await doctor.checkChain(url)).ok).toBe(false)
  await new Promise(resolve => server.close(resolve))
  const secret = await doctor.checkChain(`${url.replace('//', '//user:pass@')}/path?key=query`)
  expect(JSON.stringify(secret)).not.toMatch(/user|pass|path|query/)
  const { ok, fix } = await doctor.checkChain(url)
  expect(ok).toBe(false)
  expect(fix).toContain(`nothing answers at ${new URL(url).host}`)
  expect(fix).toContain('EMERALD_RPC_URL')
})

test('a clock that is behind the chain, and a chain without a block', () => {
  const nowMs = 1_700_000_000_000
  expect(doctor.checkClock(1_700_000_010, nowMs)).toMatchObject(good)
  expect(doctor.checkClock(1_699_000_000, nowMs)).toMatchObject(good) // a chain that stands still is no fault of the clock
  expect(doctor.checkClock(1_700_000_100, nowMs).fix).toContain('Set the system clock')
  expect(doctor.checkClock(undefined, nowMs)).toMatchObject({ ok: false, found: 'no block yet' })
})

test('contracts that are not there', async () => {
  const address = `0x${'ab'.repeat(20)}` as const
  const chainWith = (code: () => Promise<'0x' | '0x6001' | undefined>) => doctor.checkContracts(address, code)
  expect(await chainWith(async () => '0x6001')).toMatchObject(good)
  expect(await chainWith(async () => '0x')).toMatchObject({ ok: false, found: 'no code' })
  expect(await chainWith(async () => undefined)).toMatchObject({ ok: false })
  const unreachable = await chainWith(() => Promise.reject(new Error('no connection')))
  expect(unreachable.fix).toBe(`Deploy the contracts, or correct the address ${address}.`)
})

test('a node without an operator', () => {
  expect(doctor.checkOperators(2)).toMatchObject(good)
  expect(doctor.checkOperators(0)).toMatchObject({ ok: false })
  expect(doctor.checkOperators(0).fix).toContain('Join with stake')
})
