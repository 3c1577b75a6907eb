/** An archive is taken in whole or not at all, and takes nothing from anybody else. */

import { readdir } from 'node:fs/promises'
import path from 'node:path'
import * as dagPb from '@ipld/dag-pb'
import fc from 'fast-check'
import { UnixFS } from 'ipfs-unixfs'
import { importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import type { CID } from 'multiformats/cid'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { isAppError } from '../base/app-error.ts'
import { collect, expectSameBytes, MIB, noise, openTestNode, streamOf, type TestNode } from './block-node.fixture.ts'
import type { BlockNode } from './block-node.ts'
import { blockOf, carOf, carV2Of, type TestBlock } from './car.fixture.ts'
import { forgetContent } from './forget-content.ts'
import { type ImportCarOptions, importCar } from './import-car.ts'
import { importFile } from './import-file.ts'
import { hasContent, readContent } from './read-content.ts'

type File = { readonly root: CID; readonly content: Uint8Array; readonly blocks: readonly TestBlock[] }
/** A root and three leaves, as the node itself cuts them. */
let file: File

beforeAll(async () => {
  const content = noise(2 * MIB + 5)
  file = await collectBlocks(content, { cidVersion: 1, rawLeaves: true, chunkBytes: MIB })
})

async function collectBlocks(
  content: Uint8Array,
  options: { readonly cidVersion: 0 | 1; readonly rawLeaves: boolean; readonly chunkBytes: number },
): Promise<File> {
  const blocks: TestBlock[] = []
  const put = async (cid: CID, bytes: unknown) => {
    if (bytes instanceof Uint8Array) blocks.push({ cid, bytes })
    return cid
  }
  const { chunkBytes, ...rest } = options
  const chunker = fixedSize({ chunkSize: chunkBytes })
  for await (const { cid } of importer([{ content }], { put }, { ...rest, chunker }))
    return { root: cid, content, blocks }
  throw new Error('nothing imported')
}

const take = (node: BlockNode, car: Uint8Array, more: Partial<ImportCarOptions> = {}) =>
  importCar(node, streamOf(car), { maxBytes: 10 * MIB, ...more })

async function countStored(node: TestNode): Promise<number> {
  const files = await readdir(path.join(node.directory, 'blocks'), { recursive: true, withFileTypes: true })
  return files.filter(each => each.isFile()).length
}

/** What is in the node's store without a pin that needs it counts too. */
async function expectNothing(node: TestNode): Promise<void> {
  expect(node.pins.list()).toEqual([])
  expect(await countStored(node)).toBe(0)
}

describe('an archive that is complete', () => {
  it('is here afterwards, whatever order its blocks came in, and however often', async () => {
    const orders = [file.blocks, file.blocks.toReversed(), [...file.blocks, ...file.blocks]]
    for (const car of orders.map(blocks => carOf([file.root], blocks)).flatMap(each => [each, carV2Of(each)])) {
      const node = await openTestNode()
      const root = file.root.toString()
      expect(await take(node, car)).toEqual({ roots: [root], blocks: 4, bytes: car.length })
      expect(node.pins.list()).toEqual([root])
      expectSameBytes(await collect(readContent(node, root)), file.content)
    }
  })

  it('of a foreign importer keeps its content, under the form that a CID has here', async () => {
    const node = await openTestNode()
    const foreign = await collectBlocks(noise(600_000), { cidVersion: 0, rawLeaves: false, chunkBytes: 262_144 })
    expect(foreign.root.version).toBe(0)
    const root = foreign.root.toV1().toString()
    expect(await take(node, carOf([foreign.root], foreign.blocks))).toMatchObject({ roots: [root], blocks: 4 })
    expectSameBytes(await collect(readContent(node, root)), foreign.content)
  })

  it('may be of several contents, share blocks with what is here, and leave those out', async () => {
    const node = await openTestNode()
    const { cid } = await importFile(node, streamOf(file.content))
    const other = blockOf('another')
    const [shared] = file.blocks
    const car = carOf([file.root, other.cid], [other, ...(shared === undefined ? [] : [shared])])
    expect(await take(node, car)).toMatchObject({ roots: [cid, other.cid.toString()], blocks: 5 })
    expect(node.pins.list().toSorted()).toEqual([cid, other.cid.toString()].toSorted())
  })

  it('leaves nothing of what its roots do not need', async () => {
    const node = await openTestNode()
    expect(await take(node, carOf([file.root], [blockOf('padding'), ...file.blocks]))).toMatchObject({ blocks: 4 })
    expect(await countStored(node)).toBe(4)
  })

  it('tells how far it is', async () => {
    const seen: number[] = []
    const car = carOf([file.root], file.blocks)
    await take(await openTestNode(), car, { onProgress: ({ bytes }) => seen.push(bytes) })
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(seen.at(-1)).toBe(car.length)
  })
})

function treeOf(
  type: 'file' | 'directory',
  links: readonly TestBlock[],
  sizeOf = (block: TestBlock) => block.bytes.length,
) {
  const data = new UnixFS({ type, blockSizes: type === 'file' ? links.map(each => BigInt(sizeOf(each))) : [] })
  const node = { Data: data.marshal(), Links: links.map(({ cid }) => ({ Name: '', Tsize: 0, Hash: cid })) }
  return blockOf(dagPb.encode(node), 0x70)
}

describe('an archive that is not', () => {
  const leaf = blockOf('leaf')
  const folder = treeOf('directory', [leaf])
  const liar = treeOf('file', [leaf], () => 1)
  const huge = treeOf('file', [leaf], () => 100 * MIB)
  const cars: [what: string, code: string, car: () => Uint8Array, more?: Partial<ImportCarOptions>][] = [
    ['cut short', 'MALFORMED_CAR', () => carOf([file.root], file.blocks).subarray(0, -1)],
    ['no archive', 'MALFORMED_CAR', () => noise(100_000)],
    ['followed by something', 'MALFORMED_CAR', () => Buffer.concat([carOf([file.root], file.blocks), Buffer.of(0)])],
    [
      'damaged',
      'IPFS_HASH_MISMATCH',
      () => carOf([file.root], [...file.blocks, { ...leaf, bytes: Buffer.from('lead') }]),
    ],
    ['without one of its blocks', 'IPFS_FETCH_FAILED', () => carOf([file.root], file.blocks.slice(1))],
    ['without its root', 'IPFS_FETCH_FAILED', () => carOf([leaf.cid], file.blocks)],
    ['without its second root', 'IPFS_FETCH_FAILED', () => carOf([file.root, leaf.cid], file.blocks)],
    ['of a folder', 'IPFS_FETCH_FAILED', () => carOf([folder.cid], [folder, leaf])],
    ['of a file that contradicts itself', 'IPFS_FETCH_FAILED', () => carOf([liar.cid], [liar, leaf])],
    ['of a file that is larger than allowed', 'IPFS_SIZE_CAP', () => carOf([huge.cid], [huge, leaf])],
    ['larger than allowed', 'IPFS_SIZE_CAP', () => carOf([file.root], file.blocks), { maxBytes: 2 * MIB + 100 }],
    [
      'of more blocks than anybody needs',
      'IPFS_SIZE_CAP',
      () =>
        carOf(
          [leaf.cid],
          Array.from({ length: 70 }, (_, index) => blockOf(`block ${index}`)),
        ),
      { maxBytes: 16_384 },
    ],
  ]
  test.each(cars)('%s: %s, and nothing is left of it', async (_, code, car, more = {}) => {
    const node = await openTestNode()
    await expect(take(node, car(), more)).rejects.toMatchObject({ code })
    await expectNothing(node)
  })

  it('says which block is missing', async () => {
    const [lost] = file.blocks
    const importing = take(await openTestNode(), carOf([file.root], file.blocks.slice(1)))
    await expect(importing).rejects.toMatchObject({
      data: { cid: file.root.toString(), blockCid: lost?.cid.toString(), reason: 'the archive lacks this block' },
    })
  })

  it('takes no block that was here before, needed or not', async () => {
    const node = await openTestNode()
    const { cid, bytes } = blockOf('of somebody')
    await node.blocks.write(cid, bytes)
    await expect(take(node, carOf([file.root], [{ cid, bytes }]))).rejects.toMatchObject({ code: 'IPFS_FETCH_FAILED' })
    expect(await node.blocks.has(cid)).toBe(true)
  })

  it('takes no block from content that is here, or that comes in beside it', async () => {
    const node = await openTestNode()
    const here = await importFile(node, streamOf(file.content.subarray(0, MIB)))
    const [whole, half] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    async function* beside() {
      yield file.content.subarray(0, 2 * MIB)
      half.resolve()
      await whole.promise
      yield file.content.subarray(2 * MIB)
    }
    const failing = take(node, Buffer.concat([carOf([file.root], file.blocks), Buffer.of(0)]))
    const importing = importFile(node, beside())
    await half.promise
    whole.resolve()
    await expect(failing).rejects.toMatchObject({ code: 'MALFORMED_CAR' })
    const { cid } = await importing
    expect([await hasContent(node, here.cid), await hasContent(node, cid)]).toEqual([true, true])
  })
})

test('given up, even while nothing comes, it leaves nothing', async () => {
  const node = await openTestNode()
  const giveUp = new AbortController()
  async function* stuck() {
    yield carOf([file.root], file.blocks).subarray(0, MIB + 1_000)
    giveUp.abort(new Error('enough'))
    await new Promise(() => undefined)
  }
  const options = { maxBytes: 10 * MIB, signal: giveUp.signal }
  await expect(importCar(node, stuck(), options)).rejects.toThrow('enough')
  await expectNothing(node)
})

test('when one root cannot be pinned none is', async () => {
  const node = await openTestNode()
  const other = blockOf('other')
  const pins = {
    ...node.pins,
    add: async (cid: string) => {
      if (cid === other.cid.toString()) throw new Error('no room')
      await node.pins.add(cid)
    },
  }
  const importing = take({ ...node, pins }, carOf([file.root, other.cid], [other, ...file.blocks]))
  await expect(importing).rejects.toThrow('no room')
  await expectNothing(node)
})

test('blocks that cannot be removed because others are adding content do no harm', async () => {
  const node = await openTestNode()
  using _ = await node.gate.share()
  const importing = take(node, carOf([file.root], file.blocks.slice(1)), { removeTimeoutMs: 50 })
  await expect(importing).rejects.toMatchObject({ code: 'IPFS_FETCH_FAILED' })
  expect(node.pins.list()).toEqual([])
  expect(await countStored(node)).toBe(3)
})

test('whatever is done to an archive, what is pinned afterwards is whole', { timeout: 60_000 }, async () => {
  const node = await openTestNode()
  const small = await collectBlocks(noise(2_500), { cidVersion: 1, rawLeaves: true, chunkBytes: 1_000 })
  const car = carOf([small.root], small.blocks)
  const damage = fc.record({ at: fc.nat(car.length - 1), change: fc.nat(255), isCut: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(damage, async ({ at, change, isCut }) => {
      const changed = Buffer.from(isCut ? car.subarray(0, at) : car)
      if (!isCut) changed.writeUInt8(changed.readUInt8(at) ^ change, at)
      const outcome = await take(node, changed).catch(error => (isAppError(error) ? error.code : error))
      if (typeof outcome === 'string') {
        expect(['MALFORMED_CAR', 'IPFS_HASH_MISMATCH', 'IPFS_FETCH_FAILED', 'IPFS_SIZE_CAP']).toContain(outcome)
        return await expectNothing(node)
      }
      expect(node.pins.list()).toEqual(outcome.roots)
      for (const root of outcome.roots) {
        expect(await hasContent(node, root)).toBe(true)
        await forgetContent(node, root)
      }
      await expectNothing(node)
    }),
    { numRuns: 60 },
  )
})
