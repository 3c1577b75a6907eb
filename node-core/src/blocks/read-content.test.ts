/** Reading stored files: any part of them, and repair of damage on the way. */

import fc from 'fast-check'
import { exporter } from 'ipfs-unixfs-exporter'
import { describe, expect, it } from 'vitest'
import { collect, expectSameBytes, MIB, noise, openTestNode, openTestPair, streamOf } from './block-node.fixture.ts'
import { parseContentCid } from './cid.ts'
import { damageOneBlock } from './damage-block.ts'
import { fetchContent } from './fetch-content.ts'
import { importFile } from './import-file.ts'
import { hasContent, readContent, readRange } from './read-content.ts'

describe('reading', () => {
  const content = noise(3 * MIB + 12_345)

  it('gives any part of the file', async () => {
    const node = await openTestNode()
    const { cid } = await importFile(node, streamOf(content))
    const anywhere = fc.oneof(fc.nat(content.length + 10), fc.constantFrom(0, 1, MIB - 1, MIB, MIB + 1, content.length))
    await fc.assert(
      fc.asyncProperty(anywhere, anywhere, async (offset, length) => {
        const part = await readRange(node, cid, { offset, length })
        expect(Buffer.compare(part, content.subarray(offset, offset + length))).toBe(0)
      }),
      { numRuns: 40 },
    )
  })

  it('agrees with another reader of the same blocks', async () => {
    const node = await openTestNode()
    const { cid } = await importFile(node, streamOf(content))
    const blocks = {
      async *get(block: ReturnType<typeof parseContentCid>) {
        yield await node.blocks.read(block)
      },
    }
    const entry = await exporter(parseContentCid(cid), blocks)
    if (entry.type !== 'file') throw new Error(entry.type)
    expectSameBytes(await collect(readContent(node, cid)), await collect(entry.content()))
  })

  it('refuses an offset that is no count of bytes', async () => {
    const node = await openTestNode()
    const { cid } = await importFile(node, streamOf(noise(10)))
    const reading = (offset: number) => readRange(node, cid, { offset, length: 1 })
    await expect(reading(-1)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    await expect(reading(0.5)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
  })
})

describe('a block damaged on disk', () => {
  it('is found, and repaired from a peer that has it', async () => {
    const [first, second] = await openTestPair()
    const content = noise(4 * MIB)
    const { cid } = await importFile(first, streamOf(content))
    await fetchContent(second, { cid, maxBytes: 64 * MIB, timeoutMs: 20_000 })

    const { blockCid } = await damageOneBlock(second, cid)
    expectSameBytes(await collect(readContent(second, cid)), content)
    expect(second.damaged).toEqual([blockCid])
    expect(second.blocks.damagedCount()).toBe(1)
    expect(await hasContent(second, cid)).toBe(true)
  })

  it('is never served to a peer', async () => {
    const [first, second] = await openTestPair()
    const { cid } = await importFile(first, streamOf(noise(1_000)))
    await damageOneBlock(first, cid)
    const fetching = fetchContent(second, { cid, maxBytes: MIB, timeoutMs: 500 })
    await expect(fetching).rejects.toMatchObject({ code: 'IPFS_TIMEOUT' })
    expect(first.damaged).toEqual([cid])
  })

  it('makes the content incomplete when nobody can repair it, and reading fails at once', async () => {
    const [first, second] = await openTestPair()
    const { cid } = await importFile(first, streamOf(noise(4 * MIB)))
    await fetchContent(second, { cid, maxBytes: 64 * MIB, timeoutMs: 20_000 })
    await first[Symbol.asyncDispose]()
    await expect.poll(() => second.peers()).toEqual([])

    const { blockCid } = await damageOneBlock(second, cid)
    expect(await hasContent(second, cid)).toBe(false)
    const reading = collect(readContent(second, cid))
    await expect(reading).rejects.toMatchObject({ code: 'IPFS_FETCH_FAILED', data: { blockCid } })
  })

  it('ends a read at the timeout when the connected peers do not have it', async () => {
    const [, second] = await openTestPair()
    const { cid } = await importFile(second, streamOf(noise(2 * MIB)))
    await damageOneBlock(second, cid)
    const reading = collect(readContent(second, cid, { blockTimeoutMs: 300 }))
    await expect(reading).rejects.toMatchObject({ code: 'IPFS_TIMEOUT' })
  })
})
