import { rm } from 'node:fs/promises'
import { CID } from 'multiformats/cid'
import { beforeEach, expect, test } from 'vitest'
import { systemClock } from '../base/clock.ts'
import { type AuditOptions, auditContent } from './audit-content.ts'
import { addressOf, blocksOf, MIB, noise, openTestNode, streamOf, type TestNode } from './block-node.fixture.ts'
import { damageOneBlock } from './damage-block.ts'
import { fetchContent } from './fetch-content.ts'
import { forgetContent } from './forget-content.ts'
import { importFile } from './import-file.ts'

const content = noise(3 * MIB + 5)
let origin: TestNode
let node: TestNode
let cid: string
beforeEach(async () => {
  origin = await openTestNode()
  node = await openTestNode()
  await node.dial(addressOf(origin))
  cid = (await importFile(origin, streamOf(content))).cid
  await fetchContent(node, { cid, maxBytes: 10 * MIB, timeoutMs: 20_000 })
})

const audit = (more: Partial<AuditOptions> = {}) =>
  auditContent(node, {
    ...{ cid, bytesPerSecond: Number.POSITIVE_INFINITY, blockTimeoutMs: 5_000 },
    ...{ signal: new AbortController().signal, clock: systemClock },
    ...more,
  })
/** The root and four leaves. */
const BLOCKS = 5

test('sound content is read whole, and nothing is asked of anybody', async () => {
  await origin[Symbol.asyncDispose]()
  const { blocks, bytes, ...found } = (await audit()) ?? expect.fail()
  expect({ blocks, ...found }).toEqual({ blocks: BLOCKS, repaired: [], lost: [] })
  expect(bytes).toBeGreaterThan(content.length)
})

test('a flipped bit and a lost block are mended by a peer', async () => {
  const { blockCid } = await damageOneBlock(node, cid)
  const gone = [...(await blocksOf(origin, cid)).keys()][1] ?? expect.fail()
  await rm(node.blocks.pathOf(CID.parse(gone)))
  const { blocks, repaired, lost } = (await audit()) ?? expect.fail()
  expect({ blocks, repaired: repaired.toSorted(), lost }).toEqual({
    ...{ blocks: BLOCKS, lost: [] },
    repaired: [blockCid, gone].toSorted(),
  })
  expect(await audit()).toMatchObject({ blocks: BLOCKS, repaired: [], lost: [] })
})

test('without a peer they are named, and the rest is looked at all the same', async () => {
  const { blockCid } = await damageOneBlock(node, cid)
  await origin[Symbol.asyncDispose]()
  expect(await audit()).toMatchObject({ blocks: BLOCKS, repaired: [], lost: [blockCid] })
})

test('it takes no more of the disk than it may', async () => {
  const slept: number[] = []
  const clock = {
    ...systemClock,
    elapsedMs: () => slept.reduce((sum, ms) => sum + ms, 0),
    sleep: async (ms: number) => void slept.push(ms),
  }
  const { bytes } = (await audit({ bytesPerSecond: MIB, clock })) ?? expect.fail()
  const lastBlockMs = 1_000
  expect(clock.elapsedMs()).toBeGreaterThan((bytes / MIB) * 1_000 - lastBlockMs - 1)
})

test('stopped, it ends at once', async () => {
  const stop = new AbortController()
  const auditing = audit({ bytesPerSecond: 1, signal: stop.signal })
  stop.abort(new Error('enough'))
  await expect(auditing).rejects.toThrow('enough')
})

test('what was forgotten stays so: nothing of it is fetched again', async () => {
  const blocks = [...(await blocksOf(origin, cid)).keys()].map(block => CID.parse(block))
  let looked = 0
  const read = node.blocks.readLocal
  node.blocks.readLocal = async block => {
    looked += 1
    if (looked === 3) await forgetContent(node, cid)
    return read(block)
  }
  expect(await audit()).toBeUndefined()
  expect(await Promise.all(blocks.map(block => node.blocks.has(block)))).toEqual(blocks.map(() => false))
})
