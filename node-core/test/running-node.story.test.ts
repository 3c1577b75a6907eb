/** One running node on the demo profile and everything that people and programs may hand it, right and wrong. */

import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { blockOf, carOf } from '../src/blocks/car.fixture.ts'
import { MAX_BLOCK_BYTES } from '../src/blocks/verified-blockstore.ts'
import { commandError, commandOutput } from '../src/contract/cli.ts'
import { ERROR_CODES } from '../src/contract/error-codes.ts'
import { operatorContract } from '../src/contract/operator.ts'
import { RELAY_PATH } from '../src/contract/relay.ts'
import { errorBody } from '../src/contract/shapes.ts'
import { runCommand } from './support/command.ts'
import { startNode, type TestNode } from './support/start-node.ts'
import { createTempHome } from './support/temp-home.ts'
import { until } from './support/until.ts'

const MIB = 1_048_576
const UPLOAD_MAX_BYTES = 300 * MIB
/** A file this long goes through the door; 200 in a full run. */
const LARGE_FILE_BYTES = Number(process.env.EMERALD_TEST_LARGE_MIB ?? 64) * MIB
/** Far below the file: the node keeps a few parts of it at a time. */
const MAX_GROWTH_BYTES = 160 * MIB

const resources = new AsyncDisposableStack()
const home = resources.use(createTempHome())
let node: TestNode

beforeAll(async () => {
  node = resources.use(
    await startNode({ home: home.path, env: { EMERALD_UPLOAD_MAX_BYTES: String(UPLOAD_MAX_BYTES) } }),
  )
})
afterAll(() => resources.disposeAsync())

const run = (...args: string[]) => runCommand([...args, '--json'], { home: home.path })
function write(name: string, content: string | Uint8Array): string {
  const path = join(home.path, name)
  writeFileSync(path, content)
  return path
}

test('ready means that the chain was caught up with once', async () => {
  expect((await fetch(`${node.url}/ready`)).status).toBe(200)
  expect((await node.client.node.overview({})).head?.number).toBeGreaterThan(0)
})

test('the ready line names the port at which others reach the relay, and nothing else of the node', async () => {
  const publicUrl = `http://127.0.0.1:${node.publicPort}`
  for (const path of ['/', '/health', '/metrics', '/api/node/overview'])
    expect((await fetch(`${publicUrl}${path}`)).status).toBe(404)
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${publicUrl}${RELAY_PATH}`, { method: 'POST', headers, body: '{}' })
  expect([answer.status, errorBody.parse(await answer.json()).code]).toEqual([400, 'VALIDATION_ERROR'])
})

test('the node tells how it reaches its chain, and what it has sent there', async () => {
  const { state } = node.client.network
  await expect
    .poll(async () => (await state()).subscriptions.map(each => each.state), { timeout: 20_000 })
    .toEqual(['live'])
  const network = await state()
  expect(network).toMatchObject({ isReachable: true, isHeadStale: false, quorum: 'alone', chainId: 31_337 })
  expect(network.endpoints).toMatchObject([{ host: expect.stringMatching(/^127\.0\.0\.1:\d+$/), breaker: 'closed' }])
  expect(network.keys.map(each => each.role).sort()).toEqual(['operator', 'operator', 'publisher', 'relay'])
  // The first seed is finalised by one of its keys as soon as there is one.
  const first = await until(
    'a transaction',
    async () => (await node.client.transactions.list({ limit: 1 })).items[0],
    60_000,
  )
  expect(first).toMatchObject({
    purpose: 'finalise',
    role: 'operator',
    bids: [{ isCancel: false, outcome: 'accepted' }],
  })
  expect(await node.client.transactions.failure({ id: first.id })).toEqual({ reason: null })
  const health = await (await fetch(`${node.url}/health`)).json()
  expect(health).toMatchObject({
    ...{ status: 'healthy', db: 'connected', chain: 'connected', ipfs: 'running' },
    endpoints: [{ standing: 'good', breaker: 'closed' }],
  })
})

describe('files', () => {
  test('what is added comes back byte for byte, on stdout and in a file', async () => {
    const bytes = randomBytes(3 * MIB + 17)
    const { json } = await run('ipfs', 'add', write('data.bin', bytes))
    const added = commandOutput['ipfs add'].parse(json)
    expect(added.sha256).toBe(`0x${createHash('sha256').update(bytes).digest('hex')}`)
    const out = join(home.path, 'out.bin')
    const cat = await run('ipfs', 'cat', added.cid, '--out', out)
    expect(commandOutput['ipfs cat'].parse(cat.json)).toMatchObject({ byteLength: bytes.length })
    expect(readFileSync(out).equals(bytes)).toBe(true)
    const refused = await run('ipfs', 'cat', added.cid, '--out', join(home.path, 'no', 'such', 'folder'))
    expect({ code: refused.code, error: commandError.parse(refused.json).code }).toEqual({
      code: 1,
      error: 'FILE_NOT_WRITABLE',
    })
  })

  const REFUSED: readonly (readonly [
    what: string,
    name: string,
    content: string | Uint8Array,
    code: string,
    type?: string,
  ])[] = [
    ['an empty file', 'empty.bin', '', 'EMPTY_FILE'],
    ['a page', 'page.html', '<!doctype html><p>hello', 'CONTENT_TYPE_NOT_ALLOWED'],
    ['a page by another name', 'notes.txt', '<!doctype html><script>alert(1)</script>', 'CONTENT_TYPE_NOT_ALLOWED'],
    ['a script', 'install.sh', '#!/bin/sh\nrm -rf /\n', 'CONTENT_TYPE_NOT_ALLOWED'],
    [
      'a program',
      'tool',
      new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, ...Array(60).fill(0)]),
      'CONTENT_TYPE_NOT_ALLOWED',
    ],
    ['another type than it says', 'photo.png', 'just text\n', 'CONTENT_TYPE_MISMATCH', 'image/png'],
    ['a type that is not accepted', 'a.bin', 'text', 'CONTENT_TYPE_NOT_ALLOWED', 'application/x-msdownload'],
  ]
  for (const [what, name, content, expected, type] of REFUSED)
    test(`${what} is refused with its code and leaves nothing behind`, async () => {
      const declared = type === undefined ? [] : ['--content-type', type]
      const { code, json } = await run('publish', write(name, content), ...declared)
      expect({ code, error: commandError.parse(json).code }).toEqual({ code: 1, error: expected })
      expect(readdirSync(join(home.path, 'demo', 'node', 'uploads'))).toEqual([])
    })

  test('a file over the limit is refused before a byte of it is sent', async () => {
    const begin = node.client.uploads.begin({ fileName: 'big', byteLength: UPLOAD_MAX_BYTES + 1, contentType: '' })
    await expect(begin).rejects.toMatchObject({
      data: { code: 'FILE_TOO_LARGE', data: { maxBytes: UPLOAD_MAX_BYTES } },
    })
  })

  test('refused uploads don’t use up the places for others', async () => {
    for (let count = 0; count < 20; count += 1) {
      const { uploadId } = await node.client.uploads.begin({ fileName: 'a.exe', byteLength: 2, contentType: '' })
      await node.client.uploads.append({ uploadId, offset: 0, bytesBase64: 'TVo=' })
      const publishing = node.client.posts.publish({ uploadId })
      await expect(publishing).rejects.toMatchObject({ data: { code: 'CONTENT_TYPE_NOT_ALLOWED' } })
    }
  })

  test('the name of an upload is no path', async () => {
    const victim = join(home.path, 'demo', 'node', 'victim.txt')
    writeFileSync(victim, 'precious')
    const cancel = node.client.uploads.cancel({ uploadId: '../victim.txt' })
    await expect(cancel).rejects.toMatchObject({ data: { code: 'UPLOAD_NOT_FOUND' } })
    expect(readFileSync(victim, 'utf8')).toBe('precious')
  })

  test('a large file streams through: the node’s memory does not grow with it', async () => {
    const path = write('large.bin', randomBytes(LARGE_FILE_BYTES))
    const before = residentBytes(node.pid)
    let peak = before
    const timer = setInterval(() => {
      peak = Math.max(peak, residentBytes(node.pid))
    }, 100)
    const { json } = await run('ipfs', 'add', path)
    clearInterval(timer)
    expect(commandOutput['ipfs add'].parse(json).byteLength).toBe(LARGE_FILE_BYTES)
    expect(peak - before, `from ${before} to ${peak}`).toBeLessThan(MAX_GROWTH_BYTES)
  })
})

function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return 1_024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1])
}

describe('wrong input at every method', () => {
  const routes = Object.entries(operatorContract).flatMap(([group, methods]) =>
    Object.entries(methods).map(([name, procedure]) => {
      const { method, path } = z
        .object({ method: z.enum(['GET', 'POST', 'DELETE']), path: z.templateLiteral(['/', z.string()]) })
        .parse(procedure['~orpc'].route)
      return { name: `${group}.${name}`, method, path, hasInput: procedure['~orpc'].inputSchema !== undefined }
    }),
  )

  const UNKNOWN_ID = `0x${'00'.repeat(32)}:1:1`
  const SEGMENTS = [
    'x',
    '0',
    '-1',
    UNKNOWN_ID,
    `0x${'00'.repeat(32)}`,
    '..%2f..%2fetc',
    '%00',
    'é'.repeat(50),
    'a'.repeat(9_000),
  ]
  const VALUES: readonly unknown[] = [
    null,
    'x',
    '',
    -1,
    1.5,
    1e308,
    true,
    [],
    {},
    [[]],
    'a'.repeat(100_000),
    UNKNOWN_ID,
    { $ne: 1 },
  ]
  const FIELDS = fieldsOf(operatorContract)
  const BODIES: readonly unknown[] = [
    ...VALUES,
    ...VALUES.map(value => Object.fromEntries(FIELDS.map(field => [field, value]))),
    { ['__proto__']: { admin: true }, limit: 'many' },
  ]

  async function call(
    method: string,
    path: string,
    body: string | undefined,
  ): Promise<{ status: number; body: unknown }> {
    const signal = AbortSignal.timeout(20_000)
    const response = await fetch(`${node.url}/api${path}`, {
      method,
      signal,
      headers: { authorization: `Bearer ${node.token}`, 'content-type': 'application/json' },
      ...(body === undefined || method === 'GET' ? {} : { body }),
    })
    if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
      await response.body?.cancel()
      return { status: response.status, body: undefined }
    }
    return { status: response.status, body: await response.json() }
  }

  test.each(routes.filter(each => !DANGEROUS.has(each.name)))(
    '$name answers with a code of the table and is never at a loss',
    async ({ method, path }) => {
      const paths = path.includes('{') ? SEGMENTS.map(segment => path.replace(/\{\w+\}/, segment)) : [path]
      const queries =
        method === 'GET'
          ? [
              '',
              ...VALUES.slice(0, 6).map(
                value => `?${FIELDS.map(f => `${f}=${encodeURIComponent(String(value))}`).join('&')}`,
              ),
            ]
          : ['']
      const bodies = method === 'GET' ? [undefined] : ['{', '\u0000', ...BODIES.map(body => JSON.stringify(body))]
      for (const target of paths.flatMap(each => queries.map(query => each + query)))
        for (const body of bodies) {
          const answer = await call(method, target, body)
          if (answer.status < 300) continue
          const told = `${method} ${target.slice(0, 120)} ${body?.slice(0, 120)}`
          const { code } = errorBody.parse(answer.body)
          expect(Object.keys(ERROR_CODES), told).toContain(code)
          expect(code, told).not.toBe('INTERNAL')
          if (code !== 'QUEUE_FULL') expect(answer.status, told).toBeLessThan(500)
        }
    },
  )

  test('the node is still well, and its log knows of nothing unforeseen', async () => {
    expect((await fetch(`${node.url}/health`)).status).toBe(200)
    expect(
      node
        .log()
        .split('\n')
        .filter(line => line.includes('"code":"INTERNAL"')),
    ).toEqual([])
  })
})

/** These do what they say whatever the input, which here would end the node's chain. */
const DANGEROUS: ReadonlySet<string> = new Set(['demo.reset'])

/** Names of all fields of all inputs. */
function fieldsOf(contract: typeof operatorContract): string[] {
  const found = new Set<string>()
  for (const methods of Object.values(contract))
    for (const procedure of Object.values(methods)) {
      const schema = z.toJSONSchema(z.instanceof(z.ZodType).catch(z.object({})).parse(procedure['~orpc'].inputSchema), {
        io: 'input',
      })
      for (const field of Object.keys(schema.properties ?? {})) found.add(field)
    }
  return [...found]
}

describe('a second node', () => {
  const others = new AsyncDisposableStack()
  const otherHome = others.use(createTempHome())
  let second: TestNode
  let takenPort: number

  beforeAll(async () => {
    const taken = createServer()
    others.defer(() => new Promise(resolve => void taken.close(() => resolve())))
    await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
    takenPort = (taken.address() as AddressInfo).port // it listens on TCP
    second = others.use(await startNode({ home: otherHome.path, args: ['--port', String(takenPort)] }))
  })
  afterAll(() => others.disposeAsync())

  test('is told that the data directory is in use, and by whom', async () => {
    const result = await run('start', '--port', '0')
    expect(result.code).toBe(1)
    expect(commandError.parse(result.json)).toMatchObject({ code: 'DATA_DIR_LOCKED', data: { pid: node.pid } })
    expect((await fetch(`${node.url}/health`)).status).toBe(200)
  })

  test('takes the next free port when its own is taken, and says so', async () => {
    expect(second.port).not.toBe(takenPort)
    expect(second.log()).toContain('"event":"door_port_taken"')
    expect((await fetch(`${second.url}/ready`)).status).toBe(200)
  })

  const atSecond = (...args: string[]) => runCommand([...args, '--json'], { home: otherHome.path })

  test('takes in what the first one exports, under the same CID', async () => {
    const bytes = randomBytes(3 * MIB + 17)
    const { cid } = commandOutput['ipfs add'].parse((await run('ipfs', 'add', write('to-export.bin', bytes))).json)
    const file = join(home.path, 'content.car')
    const exported = commandOutput['ipfs export'].parse((await run('ipfs', 'export', cid, file)).json)
    expect(exported).toEqual({ ok: true, cid, bytes: statSync(file).size, blocks: 5, file })
    const imported = commandOutput['ipfs import'].parse((await atSecond('ipfs', 'import', file)).json)
    expect(imported).toEqual({ ok: true, roots: [cid], blocks: 5, bytes: exported.bytes })
    const out = join(otherHome.path, 'out.bin')
    expect((await atSecond('ipfs', 'cat', cid, '--out', out)).code).toBe(0)
    expect(readFileSync(out).equals(bytes)).toBe(true)
  })

  test('gives out a block as large as one may be, as it took it in', async () => {
    const block = blockOf(randomBytes(MAX_BLOCK_BYTES))
    const car = carOf([block.cid], [block])
    const file = join(otherHome.path, 'again.car')
    expect((await atSecond('ipfs', 'import', write('large-block.car', car))).json).toMatchObject({ blocks: 1 })
    expect((await atSecond('ipfs', 'export', block.cid.toString(), file)).json).toMatchObject({ bytes: car.length })
    expect(readFileSync(file).equals(car)).toBe(true)
  })

  test('says what is wrong with an archive, and which block it lacks, and keeps nothing', async () => {
    const [leaf, other] = [blockOf('leaf'), blockOf('other')]
    const cut = await atSecond('ipfs', 'import', write('cut.car', carOf([leaf.cid], [leaf]).subarray(0, -1)))
    expect(commandError.parse(cut.json)).toMatchObject({ code: 'MALFORMED_CAR', data: { reason: 'it is cut short' } })
    const lacking = await atSecond('ipfs', 'import', write('lacking.car', carOf([leaf.cid, other.cid], [leaf])))
    expect(commandError.parse(lacking.json)).toMatchObject({
      code: 'IPFS_FETCH_FAILED',
      data: { blockCid: other.cid.toString() },
    })
    expect(readdirSync(join(otherHome.path, 'demo', 'node', 'uploads'))).toEqual([])
    expect(readdirSync(join(otherHome.path, 'demo', 'node', 'blocks', 'pins'))).not.toContain(leaf.cid.toString())
  })

  test('leaves no file behind when there is nothing to export', async () => {
    const file = join(otherHome.path, 'no.car')
    const refused = await atSecond('ipfs', 'export', 'bafy', file)
    expect({ code: refused.code, error: commandError.parse(refused.json).code }).toEqual({
      code: 1,
      error: 'VALIDATION_ERROR',
    })
    expect(readdirSync(otherHome.path).filter(name => name === 'no.car' || name.startsWith('.emerald-'))).toEqual([])
  })
})

test('stopped at work it ends in time with nothing left behind, and the next start works', async () => {
  await node.client.demo.publishSample()
  const { items } = await node.client.jobs.list()
  expect(items[0]?.state).toBe('running')
  const ended = await node.kill('SIGTERM')
  expect(ended).toMatchObject({ code: 0, signal: null })
  expect(ended.ms).toBeLessThan(15_000)
  const left = ['door.json', 'node.lock', 'anvil.json'].filter(name => isThere(join(home.path, 'demo', name)))
  expect(left).toEqual([])
})

function isThere(path: string): boolean {
  try {
    readFileSync(path)
    return true
  } catch {
    return false
  }
}
