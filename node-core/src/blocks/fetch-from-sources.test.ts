import { createHash } from 'node:crypto'
import { CID } from 'multiformats/cid'
import * as digests from 'multiformats/hashes/digest'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../base/clock.ts'
import { expectSameBytes, noise } from './block-node.fixture.ts'
import { type BlockSourceOptions, createBlockSource } from './block-source.ts'
import { RAW_CODEC, SHA2_256 } from './cid.ts'
import { fetchFromSources } from './fetch-from-sources.ts'
import { type Blocks, type Fault, faults, type Gateway, startGateway } from './gateway-farm.fixture.ts'
import { namesLocalHost } from './local-host.ts'

const TIMEOUT_MS = 400

const bytes = noise(300_000)
const cid = cidOf(bytes)
const others = Array.from({ length: 8 }, (_, at) => noise(1_000, at + 2))
let blocks: Blocks
beforeEach(() => {
  blocks = new Map([bytes, ...others].map(each => [cidOf(each).toString(), each]))
})

function cidOf(block: Uint8Array): CID {
  return CID.createV1(RAW_CODEC, digests.create(SHA2_256, createHash('sha256').update(block).digest()))
}

function open(urls: readonly string[], options: Partial<BlockSourceOptions> = {}) {
  const sources = urls.map(url => {
    const own = { kind: 'gateway', url, timeoutMs: TIMEOUT_MS, isLocalAllowed: true, ...options } as const
    const source = createBlockSource(own, { clock: systemClock })
    onTestFinished(() => source[Symbol.dispose]())
    return source
  })
  const fetch = (wanted = cid, signal = new AbortController().signal) =>
    fetchFromSources(sources, wanted, { signal, clock: systemClock })
  return { sources, fetch }
}

const farm = (...faulty: Fault[]): Promise<Gateway[]> => Promise.all(faulty.map(fault => startGateway(blocks, fault)))

const CODES: Partial<Record<Fault, string>> = {
  corrupt: 'IPFS_HASH_MISMATCH',
  wrongBlock: 'IPFS_HASH_MISMATCH',
  shorter: 'IPFS_HASH_MISMATCH',
  car: 'IPFS_HASH_MISMATCH',
  hangs: 'IPFS_TIMEOUT',
  hangsAfterHead: 'IPFS_TIMEOUT',
  drips: 'IPFS_TIMEOUT',
  endless: 'IPFS_SIZE_CAP',
  declaresMore: 'IPFS_SIZE_CAP',
}

describe.each(faults)('a gateway that is “%s”', fault => {
  test('is passed over for the good one behind it, and its sockets are given back', async () => {
    const [bad, good] = await farm(fault, 'none')
    if (bad === undefined || good === undefined) expect.fail()
    const { fetch } = open([bad.url, good.url])
    const startedMs = performance.now()
    const got = await fetch()
    expect(performance.now() - startedMs).toBeLessThan(TIMEOUT_MS + 1_500)
    expect(got.source).toBe(good.url)
    expectSameBytes(got.bytes, bytes)
    // Those that answered whole keep one connection for the next block.
    await expect.poll(() => bad.connections()).toBeLessThanOrEqual(1)
  })

  test('alone is told with its reason, in bounded time', async () => {
    const [bad] = await farm(fault)
    if (bad === undefined) expect.fail()
    const startedMs = performance.now()
    const error = await open([bad.url])
      .fetch()
      .catch(thrown => thrown)
    expect(performance.now() - startedMs).toBeLessThan(TIMEOUT_MS + 1_500)
    expect(error).toMatchObject({
      code: 'IPFS_FETCH_FAILED',
      data: {
        blockCid: cid.toString(),
        gateway: bad.url,
        attempts: [{ source: bad.url, code: CODES[fault] ?? 'IPFS_FETCH_FAILED' }],
      },
    })
    expect(error.data.reason).not.toBe('')
  })
})

test('a redirect is not followed', async () => {
  const [bad] = await farm('redirects')
  if (bad === undefined) expect.fail()
  await expect(open([bad.url]).fetch()).rejects.toMatchObject({
    data: { reason: expect.stringContaining('redirects') },
  })
  expect(bad.asked).toHaveLength(1)
})

test('one that lied is left alone for the next blocks, though it is the preferred one', async () => {
  const [bad, good] = await farm('corrupt', 'none')
  if (bad === undefined || good === undefined) expect.fail()
  const { fetch, sources } = open([bad.url, good.url])
  await fetch()
  bad.fault = 'none'
  for (const other of others) expect((await fetch(cidOf(other))).source).toBe(good.url)
  expect(bad.asked).toHaveLength(1)
  expect(sources[0]?.state()).toMatchObject({ standing: 'left', lastRefusal: expect.stringContaining('CID') })
  expect(sources[1]?.state()).toMatchObject({ standing: 'good' })
})

test('the quicker one is asked first once both are known', async () => {
  const [slow, quick] = await farm('none', 'none')
  if (slow === undefined || quick === undefined) expect.fail()
  const { fetch } = open([slow.url, quick.url])
  slow.fault = 'hangs'
  await fetch(cidOf(noise(1_000, 2)))
  slow.fault = 'none'
  slow.asked.length = 0
  for (const other of others) expect((await fetch(cidOf(other))).source).toBe(quick.url)
  expect(slow.asked).toEqual([])
})

test('while one hangs, the next is asked beside it: a block does not wait for a timeout', async () => {
  const [bad, good] = await farm('hangs', 'none')
  if (bad === undefined || good === undefined) expect.fail()
  const { fetch } = open([bad.url, good.url], { timeoutMs: 60_000 })
  const startedMs = performance.now()
  expect((await fetch()).source).toBe(good.url)
  expect(performance.now() - startedMs).toBeLessThan(10_000)
  await expect.poll(() => bad.connections()).toBe(0)
})

test('all of them failing, each one’s reason is told, the last one by name', async () => {
  const gateways = await farm('corrupt', 'notFound', 'busy')
  const error = await open(gateways.map(each => each.url))
    .fetch()
    .catch(thrown => thrown)
  expect(error.data.attempts.map((each: { code: string }) => each.code)).toEqual([
    'IPFS_HASH_MISMATCH',
    'IPFS_FETCH_FAILED',
    'IPFS_FETCH_FAILED',
  ])
  expect(error.data.gateway).toBe(gateways[2]?.url)
})

test('a busy one is left alone for as long as it asks', async () => {
  const [busy] = await farm('busy')
  if (busy === undefined) expect.fail()
  const { fetch } = open([busy.url])
  await expect(fetch()).rejects.toThrow()
  await expect(fetch()).rejects.toMatchObject({ data: { reason: expect.stringContaining('HTTP 429') } })
  expect(busy.asked).toHaveLength(1)
})

test('giving up ends all that is under way', async () => {
  const gateways = await farm('hangs', 'drips')
  const giveUp = new AbortController()
  const fetching = open(
    gateways.map(each => each.url),
    { timeoutMs: 60_000 },
  ).fetch(cid, giveUp.signal)
  await expect.poll(() => gateways.every(each => each.asked.length === 1), { timeout: 10_000 }).toBe(true)
  giveUp.abort(new Error('enough'))
  await expect(fetching).rejects.toThrow('enough')
  for (const gateway of gateways) await expect.poll(() => gateway.connections()).toBe(0)
})

test('a path and a token in the address are kept, and neither is told', async () => {
  const gateway = await startGateway(blocks, 'none', '/secret-path')
  expect((await open([`${gateway.url}/?token=t0ken`]).fetch()).source).toBe(new URL(gateway.url).origin)
  gateway.fault = 'broken'
  const error = await open([`${gateway.url}/?token=t0ken`])
    .fetch()
    .catch(thrown => thrown)
  expect(JSON.stringify({ ...error, message: error.message })).not.toMatch(/secret|t0ken/)
})

test('a Kubo node is asked by its RPC', async () => {
  const gateway = await startGateway(blocks)
  const { bytes: got } = await open([gateway.url], { kind: 'kubo' }).fetch()
  expectSameBytes(got, bytes)
})

test.each(['127.0.0.1', 'localhost', '[::1]', '169.254.169.254', '[::ffff:127.0.0.1]'])(
  'a public gateway that is really %s is not connected to',
  async host => {
    const [gateway] = await farm('none')
    if (gateway === undefined) expect.fail()
    const url = gateway.url.replace('127.0.0.1', host)
    await expect(open([url], { isLocalAllowed: false }).fetch()).rejects.toMatchObject({
      code: 'IPFS_FETCH_FAILED',
      data: { reason: expect.stringContaining('public internet') },
    })
    expect(gateway.asked).toEqual([])
  },
)

test('without any source it fails at once', async () => {
  await expect(open([]).fetch()).rejects.toMatchObject({
    code: 'IPFS_FETCH_FAILED',
    data: { gateway: null, attempts: [] },
  })
})

test.each([
  ['http://127.0.0.1:8080', true],
  ['http://[::1]/', true],
  ['http://localhost:8080', true],
  ['https://gateway.localhost', true],
  ['http://192.168.1.9', true],
  ['https://ipfs.example', false],
  ['https://localhost.example', false],
  ['https://1.1.1.1', false],
])('%s names this machine or its network: %s', (url, isLocal) => expect(namesLocalHost(url)).toBe(isLocal))
