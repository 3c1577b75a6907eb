/** Trees that contradict themselves, or are made to be endless, end in an error and not in the memory. */

import * as dagPb from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import { identity } from 'multiformats/hashes/identity'
import { sha256 } from 'multiformats/hashes/sha2'
import { describe, expect, it } from 'vitest'
import { walkContent } from './walk-content.ts'

type Link = { readonly cid: CID; readonly size: number }

/** A handful of blocks in memory. */
function createBlocks() {
  const blocks = new Map<string, Uint8Array>()
  let reads = 0
  const put = async (codec: number, bytes: Uint8Array) => {
    const cid = CID.createV1(codec, await sha256.digest(bytes))
    blocks.set(cid.toString(), bytes)
    return cid
  }
  return {
    reads: () => reads,
    put,
    leaf: async (bytes: Uint8Array): Promise<Link> => ({ cid: await put(0x55, bytes), size: bytes.length }),
    tree: async (links: readonly Link[], type: 'file' | 'directory' = 'file'): Promise<Link> => {
      const file = new UnixFS({ type, blockSizes: links.map(link => BigInt(link.size)) })
      const node = { Data: file.marshal(), Links: links.map(({ cid }) => ({ Name: '', Tsize: 0, Hash: cid })) }
      const size = links.reduce((sum, link) => sum + link.size, 0)
      return { cid: await put(dagPb.code, dagPb.encode(node)), size }
    },
    walk: (root: Link, options: { readonly byteLength?: number; readonly maxBytes?: number } = {}) =>
      walkContent({
        root: root.cid,
        maxBytes: 1_000_000,
        concurrency: 3,
        ...options,
        async readBlock(cid) {
          reads += 1
          const block = blocks.get(cid.toString())
          if (block === undefined) throw new Error(`no block ${cid}`)
          return block
        },
      }),
  }
}

const bytes = (text: string) => new TextEncoder().encode(text)
const FAILED = { code: 'IPFS_FETCH_FAILED' }
const CAPPED = { code: 'IPFS_SIZE_CAP' }

describe('walking a file', () => {
  it('visits each distinct block once and adds up the file', async () => {
    const blocks = createBlocks()
    const leaf = await blocks.leaf(bytes('abc'))
    const branch = await blocks.tree([leaf, leaf, await blocks.leaf(bytes('d'))])
    const walked = await blocks.walk(await blocks.tree([branch, leaf, branch]), { byteLength: 17 })
    expect(walked).toMatchObject({ byteLength: 17 })
    expect(walked.blocks).toHaveLength(4)
    expect(blocks.reads()).toBe(4)
  })

  it('refuses a leaf that is larger or smaller than its parent says', async () => {
    const blocks = createBlocks()
    const { cid } = await blocks.leaf(bytes('abc'))
    await expect(blocks.walk(await blocks.tree([{ cid, size: 2 }]))).rejects.toMatchObject(FAILED)
    await expect(blocks.walk(await blocks.tree([{ cid, size: 4 }]))).rejects.toMatchObject(FAILED)
  })

  it('refuses one block under two sizes', async () => {
    const blocks = createBlocks()
    const leaf = await blocks.leaf(bytes('abc'))
    await expect(blocks.walk(await blocks.tree([leaf, { ...leaf, size: 2 }]))).rejects.toMatchObject(FAILED)
  })

  it('refuses links that add nothing, so that no tree is endless for free', async () => {
    const blocks = createBlocks()
    const leaf = await blocks.leaf(bytes('abc'))
    await expect(blocks.walk(await blocks.tree([leaf, { ...leaf, size: 0 }]))).rejects.toMatchObject(FAILED)
  })

  it('refuses a file that says it is larger than the cap, without reading further', async () => {
    const blocks = createBlocks()
    const root = await blocks.tree([await blocks.leaf(bytes('abc')), await blocks.leaf(bytes('de'))])
    await expect(blocks.walk(root, { maxBytes: 4 })).rejects.toMatchObject(CAPPED)
    expect(blocks.reads()).toBe(1)
  })

  it('refuses more blocks than a file of that size can have', async () => {
    const blocks = createBlocks()
    const leaves = await Promise.all(Array.from({ length: 200 }, (_, index) => blocks.leaf(bytes(`leaf ${index}`))))
    await expect(blocks.walk(await blocks.tree(leaves), { maxBytes: 10_000 })).rejects.toMatchObject(CAPPED)
    expect(blocks.reads()).toBeLessThan(100)
  })

  it('refuses a tree that is deeper than any file', async () => {
    const blocks = createBlocks()
    let root = await blocks.leaf(bytes('abc'))
    for (let level = 0; level < 40; level += 1) root = await blocks.tree([root])
    await expect(blocks.walk(root)).rejects.toMatchObject(FAILED)
  })

  it('refuses a directory, a broken node, and links of another codec or hash', async () => {
    const blocks = createBlocks()
    const dagCbor = CID.createV1(0x71, await sha256.digest(bytes('abc')))
    const inline = CID.createV1(0x55, identity.digest(bytes('abc')))
    const broken = await blocks.put(dagPb.code, bytes('abc'))
    await expect(blocks.walk(await blocks.tree([], 'directory'))).rejects.toMatchObject(FAILED)
    await expect(blocks.walk({ cid: broken, size: 3 })).rejects.toMatchObject(FAILED)
    await expect(blocks.walk(await blocks.tree([{ cid: dagCbor, size: 3 }]))).rejects.toMatchObject(FAILED)
    await expect(blocks.walk(await blocks.tree([{ cid: inline, size: 3 }]))).rejects.toMatchObject(FAILED)
  })

  it('ends with the first block that cannot be read', async () => {
    const blocks = createBlocks()
    const missing = { cid: CID.createV1(0x55, await sha256.digest(bytes('gone'))), size: 4 }
    const root = await blocks.tree([await blocks.leaf(bytes('abc')), missing])
    await expect(blocks.walk(root)).rejects.toThrow('no block')
  })
})
