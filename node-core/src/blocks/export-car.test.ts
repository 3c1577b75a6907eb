/** What goes out is what any reader of CAR files takes, block by block and no further than it is read. */

import * as dagCbor from '@ipld/dag-cbor'
import * as dagPb from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { exporter } from 'ipfs-unixfs-exporter'
import { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import {
  blocksOf,
  collect,
  expectSameBytes,
  MIB,
  noise,
  openTestNode,
  openTestPair,
  streamOf,
} from './block-node.fixture.ts'
import { blockOf, carOf, type TestBlock } from './car.fixture.ts'
import { exportCar } from './export-car.ts'
import { importCar } from './import-car.ts'
import { importFile } from './import-file.ts'
import { readCar } from './read-car.ts'
import { readContent } from './read-content.ts'

const content = noise(3 * MIB + 5)

/** A file over these blocks, in their order. */
function treeOf(blocks: readonly { cid: CID; size: number }[], type: 'file' | 'directory' = 'file') {
  const sizes = type === 'file' ? blocks.map(({ size }) => BigInt(size)) : []
  const links = blocks.map(({ cid }) => ({ Name: '', Tsize: 0, Hash: cid }))
  const block = blockOf(dagPb.encode({ Data: new UnixFS({ type, blockSizes: sizes }).marshal(), Links: links }), 0x70)
  return { ...block, size: blocks.reduce((sum, { size }) => sum + size, 0) }
}
const leafOf = (text: string) => ({ ...blockOf(text), size: text.length })

/** Blocks in memory, and which of them were read. */
function storeOf(blocks: readonly TestBlock[]) {
  const reads: string[] = []
  const read = async (cid: CID) => {
    reads.push(cid.toString())
    return blocks.find(block => block.cid.equals(cid))?.bytes ?? expect.fail(`${cid} was not to be read`)
  }
  return { reads, blocks: { read } }
}

describe('an exported archive', () => {
  it('has the root first, then depth first as the links stand, each block once', async () => {
    const [a, b, c] = [leafOf('a'), leafOf('b'), leafOf('c')]
    const [left, right] = [treeOf([a, b, a]), treeOf([c, a])]
    const root = treeOf([left, right, left])
    const store = storeOf([a, b, c, left, right, root])
    const car = await collect(exportCar(store, root.cid.toString()))
    expectSameBytes(car, carOf([root.cid], [root, left, a, b, right, c]))
    expect(store.reads).toHaveLength(6)
  })

  it('names a block as its parent does, so that whoever looks it up by that name finds it', async () => {
    const old = { ...treeOf([leafOf('old')]), size: 3 }
    const root = treeOf([{ cid: old.cid.toV0(), size: 3 }])
    const named = { cid: old.cid.toV0(), bytes: old.bytes }
    const car = await collect(exportCar(storeOf([root, named, leafOf('old')]), root.cid.toString()))
    expectSameBytes(car, carOf([root.cid], [root, named, leafOf('old')]))
  })

  it('is read no further than somebody takes it', async () => {
    const leaves = Array.from({ length: 20 }, (_, index) => leafOf(`leaf ${index}`))
    const root = treeOf(leaves)
    const store = storeOf([root, ...leaves])
    let chunks = 0
    for await (const _ of exportCar(store, root.cid.toString())) {
      chunks += 1
      expect(store.reads.length).toBeLessThanOrEqual(1 + Math.floor(chunks / 3))
      if (chunks === 12) break
    }
    expect(store.reads.length).toBeLessThan(6)
  })

  it('gives the same content again where it is imported', async () => {
    const [from, to] = [await openTestNode(), await openTestNode()]
    const { cid } = await importFile(from, streamOf(content))
    const car = await collect(exportCar(from, cid))
    const imported = await importCar(to, streamOf(car), { maxBytes: 10 * MIB })
    expect(imported).toEqual({ roots: [cid], blocks: (await blocksOf(from, cid)).size, bytes: car.length })
    expectSameBytes(await collect(readContent(to, cid)), content)
    expectSameBytes(await collect(exportCar(to, cid)), car)
  })

  it('holds what another reader of files needs, under a header that another decoder reads', async () => {
    const node = await openTestNode()
    const { cid } = await importFile(node, streamOf(content))
    const car = await collect(exportCar(node, cid))
    expect(dagCbor.decode(car.subarray(1, 1 + (car[0] ?? 0)))).toEqual({ version: 1, roots: [CID.parse(cid)] })
    const blocks = new Map<string, Uint8Array>()
    for await (const part of readCar(streamOf(car)))
      if (part.kind === 'block') blocks.set(part.cid.toString(), part.bytes)
    async function* get(block: CID) {
      yield blocks.get(block.toString()) ?? expect.fail(`${block} is not in the archive`)
    }
    const file = await exporter(cid, { get })
    if (file.type !== 'file') expect.fail(`it is a ${file.type}`)
    expectSameBytes(await collect(file.content()), content)
  })
})

describe('a block that is not here', () => {
  it('comes from a peer', async () => {
    const [there, here] = await openTestPair()
    const { cid } = await importFile(there, streamOf(content))
    expectSameBytes(await collect(exportCar(here, cid)), await collect(exportCar(there, cid)))
  })

  it('ends the export when nobody has it, before a byte of it when it is the root', async () => {
    const node = await openTestNode()
    const chunks: Uint8Array[] = []
    const take = async () => {
      for await (const chunk of exportCar(node, blockOf('nobody').cid.toString())) chunks.push(chunk)
    }
    await expect(take()).rejects.toMatchObject({ code: 'IPFS_FETCH_FAILED' })
    expect(chunks).toEqual([])
  })
})

describe('what is not exported', () => {
  const take = (store: ReturnType<typeof storeOf>, cid: string, signal?: AbortSignal) =>
    collect(exportCar(store, cid, { signal }))

  it('is what is no CID, and a folder', async () => {
    await expect(take(storeOf([]), 'bafy')).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    const folder = treeOf([leafOf('a')], 'directory')
    await expect(take(storeOf([folder]), folder.cid.toString())).rejects.toMatchObject({ code: 'IPFS_FETCH_FAILED' })
  })

  it('is what has more blocks, or more links still to follow, than are to be remembered', async () => {
    const leaf = leafOf('x')
    const wide = treeOf(Array(5).fill(leaf))
    const deep = [leaf]
    for (let level = 0; level < 4; level += 1) deep.push(treeOf(deep.slice(-1)))
    for (const root of [wide, deep.at(-1) ?? leaf]) {
      const store = storeOf([wide, ...deep])
      const exporting = (maxBlocks: number) => collect(exportCar(store, root.cid.toString(), { maxBlocks }))
      await expect(exporting(4)).rejects.toMatchObject({ code: 'IPFS_SIZE_CAP', data: { maxBlocks: 4 } })
      await exporting(6)
    }
  })

  it('is what nobody waits for any more', async () => {
    const leaf = leafOf('x')
    const giveUp = AbortSignal.abort(new Error('enough'))
    await expect(take(storeOf([leaf]), leaf.cid.toString(), giveUp)).rejects.toThrow('enough')
  })
})
