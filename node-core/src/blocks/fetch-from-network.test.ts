import { rm } from 'node:fs/promises'
import { CID } from 'multiformats/cid'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import {
  addressOf,
  blocksOf,
  collect,
  expectSameBytes,
  MIB,
  noise,
  openTestNode,
  streamOf,
  type TestNode,
  temporaryFolder,
} from './block-node.fixture.ts'
import { fetchContent } from './fetch-content.ts'
import { type Blocks, startGateway } from './gateway-farm.fixture.ts'
import { openBlockNode } from './helia-node.ts'
import { importFile } from './import-file.ts'
import { readContent } from './read-content.ts'

const content = noise(5 * MIB + 7)
let origin: TestNode
let cid: string
let blocks: Blocks
beforeEach(async () => {
  origin = await openTestNode()
  cid = (await importFile(origin, streamOf(content))).cid
  blocks = await blocksOf(origin, cid)
})

async function openWith(urls: readonly string[]) {
  const node = await openBlockNode({
    directory: await temporaryFolder(),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    offline: true,
    sources: urls.map(url => ({ kind: 'gateway', url, timeoutMs: 500, isLocalAllowed: true })),
  })
  onTestFinished(() => node[Symbol.asyncDispose]())
  return node
}

const LIMITS = { maxBytes: 10 * MIB, timeoutMs: 20_000 }

test('a content that no peer has comes from a gateway, is kept, and is read without it', async () => {
  const gateway = await startGateway(blocks)
  const node = await openWith([gateway.url])
  expect(await fetchContent(node, { cid, ...LIMITS })).toMatchObject({ byteLength: content.length })
  expect(gateway.asked.toSorted()).toEqual([...blocks.keys()].toSorted())
  gateway.fault = 'hangsUp'
  expectSameBytes(await collect(readContent(node, cid)), content)
})

test('a content comes from peers where they have it, and no gateway is asked', async () => {
  const gateway = await startGateway(blocks)
  const node = await openWith([gateway.url])
  await node.dial(addressOf(origin))
  await fetchContent(node, { cid, ...LIMITS })
  expect(gateway.asked).toEqual([])
})

test('what a connected peer does not have comes from a gateway without waiting for the peer', async () => {
  const gateway = await startGateway(blocks)
  const node = await openWith([gateway.url])
  await node.dial(addressOf(await openTestNode()))
  const [block = expect.fail()] = [...blocks.keys()].slice(-1)
  const startedMs = performance.now()
  await node.blocks.read(CID.parse(block), { timeoutMs: 60_000 })
  expect(performance.now() - startedMs).toBeLessThan(15_000)
})

test('of many gateways one good one is enough, whatever the others do', async () => {
  const faulty = await Promise.all(
    (['corrupt', 'hangs', 'drips', 'gzipBomb', 'redirects'] as const).map(each => startGateway(blocks, each)),
  )
  const good = await startGateway(blocks)
  const node = await openWith([...faulty, good].map(each => each.url))
  await fetchContent(node, { cid, ...LIMITS, timeoutMs: 30_000 })
  expectSameBytes(await collect(readContent(node, cid)), content)
  expect(node.sources().find(each => each.name === good.url)).toMatchObject({ standing: 'good' })
})

test('without one, every source’s reason stands in the error', async () => {
  const gateways = await Promise.all((['corrupt', 'notFound'] as const).map(each => startGateway(blocks, each)))
  const node = await openWith(gateways.map(each => each.url))
  const error = await fetchContent(node, { cid, ...LIMITS }).catch(thrown => thrown)
  expect(error).toBeInstanceOf(AppError)
  expect(error).toMatchObject({ code: 'IPFS_FETCH_FAILED', data: { cid, gateway: gateways[1]?.url } })
  expect(error.data.attempts).toMatchObject([
    { source: 'bitswap', reason: 'no peer is connected' },
    { source: gateways[0]?.url, code: 'IPFS_HASH_MISMATCH' },
    { source: gateways[1]?.url, code: 'IPFS_FETCH_FAILED', reason: 'HTTP 404' },
  ])
})

test('when nothing answers in time, that is said', async () => {
  const gateway = await startGateway(blocks, 'hangs')
  const node = await openWith([gateway.url])
  const error = await node.blocks.read(CID.parse(cid), { timeoutMs: 200 }).catch(thrown => thrown)
  expect(error).toMatchObject({ code: 'IPFS_TIMEOUT', data: { attempts: expect.any(Array) } })
})

test('a block that the disk lost is mended from a gateway', async () => {
  const gateway = await startGateway(blocks)
  const node = await openWith([gateway.url])
  await fetchContent(node, { cid, ...LIMITS })
  const [block = expect.fail()] = [...blocks.keys()].slice(-1)
  await rm(node.blocks.pathOf(CID.parse(block)))
  expectSameBytes(await collect(readContent(node, cid)), content)
  expect(await node.blocks.readLocal(CID.parse(block))).toBeDefined()
})
