/** Content from another node over loopback, and every way in which that can fail. */

import { describe, expect, it } from 'vitest'
import {
  addressOf,
  collect,
  expectSameBytes,
  MIB,
  noise,
  openTestNode,
  openTestPair,
  streamOf,
} from './block-node.fixture.ts'
import { cidFromDigest, RAW_CODEC } from './cid.ts'
import { fetchContent } from './fetch-content.ts'
import { forgetContent } from './forget-content.ts'
import { importFile } from './import-file.ts'
import { hasContent, readContent } from './read-content.ts'

const UNKNOWN = cidFromDigest({ digest: `0x${'11'.repeat(32)}`, codec: RAW_CODEC })
const LIMITS = { maxBytes: 64 * MIB, timeoutMs: 20_000 }

describe('fetching content', () => {
  it('from a connected node makes it local, equal and pinned', async () => {
    const [first, second] = await openTestPair()
    const content = noise(9 * MIB + 17)
    const { cid, byteLength } = await importFile(first, streamOf(content))
    const progress: number[] = []

    const fetched = await fetchContent(second, {
      ...LIMITS,
      cid,
      byteLength,
      onProgress: ({ receivedBytes }) => progress.push(receivedBytes),
    })
    expect(fetched).toMatchObject({ byteLength, blocks: 11 })
    expect(progress.at(-1)).toBe(fetched.receivedBytes)
    expect(await hasContent(second, cid)).toBe(true)
    expect(second.pins.has(cid)).toBe(true)
    await first[Symbol.asyncDispose]()
    expectSameBytes(await collect(readContent(second, cid)), content)
  })

  it('of one raw block works as well', async () => {
    const [first, second] = await openTestPair()
    const content = noise(1_000)
    const { cid } = await importFile(first, streamOf(content))
    await fetchContent(second, { ...LIMITS, cid, byteLength: 1_000 })
    expectSameBytes(await collect(readContent(second, cid)), content)
  })

  it('that was forgotten a moment ago gets it again', async () => {
    const [first, second] = await openTestPair()
    const { cid } = await importFile(first, streamOf(noise(3 * MIB)))
    await fetchContent(second, { ...LIMITS, cid })
    await forgetContent(second, cid)
    expect(await hasContent(second, cid)).toBe(false)
    await fetchContent(second, { ...LIMITS, cid })
    expect(await hasContent(second, cid)).toBe(true)
  })

  it('that is local already needs no peer', async () => {
    const node = await openTestNode()
    const { cid } = await importFile(node, streamOf(noise(2 * MIB)))
    await expect(fetchContent(node, { ...LIMITS, cid })).resolves.toMatchObject({ byteLength: 2 * MIB })
  })
})

describe('fetching fails', () => {
  it('at once when the content is unknown and no peer is connected', async () => {
    const node = await openTestNode()
    await expect(fetchContent(node, { ...LIMITS, cid: UNKNOWN })).rejects.toMatchObject({
      code: 'IPFS_FETCH_FAILED',
      data: { cid: UNKNOWN, attempts: [{ source: 'bitswap', reason: 'no peer is connected' }] },
    })
    expect(node.pins.list()).toEqual([])
  })

  it('at the timeout when no connected peer has it', async () => {
    const [, second] = await openTestPair()
    await expect(fetchContent(second, { ...LIMITS, cid: UNKNOWN, timeoutMs: 300 })).rejects.toMatchObject({
      code: 'IPFS_TIMEOUT',
      data: { cid: UNKNOWN, timeoutMs: 300 },
    })
  })

  it('soon after the last peer has left', async () => {
    const [first, second] = await openTestPair()
    const fetching = fetchContent(second, { ...LIMITS, cid: UNKNOWN })
    const failed = expect(fetching).rejects.toMatchObject({ code: 'IPFS_FETCH_FAILED' })
    await first[Symbol.asyncDispose]()
    await failed
  })

  it('with the reason of the caller who gave up', async () => {
    const [, second] = await openTestPair()
    const signal = AbortSignal.timeout(100)
    const fetching = fetchContent(second, { ...LIMITS, cid: UNKNOWN, signal })
    await expect(fetching).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('with NODE_STOPPING when the node is closed meanwhile', async () => {
    const [, second] = await openTestPair()
    const failed = expect(fetchContent(second, { ...LIMITS, cid: UNKNOWN })).rejects.toMatchObject({
      code: 'NODE_STOPPING',
    })
    await second[Symbol.asyncDispose]()
    await failed
  })

  it('before any byte when the content is said to be above the cap', async () => {
    const node = await openTestNode()
    const options = { ...LIMITS, cid: UNKNOWN, byteLength: 65 * MIB }
    await expect(fetchContent(node, options)).rejects.toMatchObject({ code: 'IPFS_SIZE_CAP' })
  })

  it('when the content is larger than said, or than the cap, with nothing pinned', async () => {
    const [first, second] = await openTestPair()
    const { cid } = await importFile(first, streamOf(noise(3 * MIB)))
    const capped = expect.objectContaining({ code: 'IPFS_SIZE_CAP' })
    await expect(fetchContent(second, { ...LIMITS, cid, byteLength: 1024 })).rejects.toEqual(capped)
    await expect(fetchContent(second, { ...LIMITS, cid, maxBytes: 3 * MIB - 1 })).rejects.toEqual(capped)
    expect(second.pins.list()).toEqual([])
  })

  it('when the content is shorter than said', async () => {
    const [first, second] = await openTestPair()
    const { cid } = await importFile(first, streamOf(noise(3 * MIB)))
    const fetching = fetchContent(second, { ...LIMITS, cid, byteLength: 4 * MIB })
    await expect(fetching).rejects.toMatchObject({ code: 'IPFS_FETCH_FAILED' })
  })
})

describe('content that arrives late', () => {
  it('is still found by a fetch that waits for it', async () => {
    const [first, second] = await openTestPair()
    const content = noise(1_000, 9)
    const elsewhere = await openTestNode()
    const { cid } = await importFile(elsewhere, streamOf(content))
    const fetching = fetchContent(second, { ...LIMITS, cid })
    await first.dial(addressOf(elsewhere))
    await fetchContent(first, { ...LIMITS, cid })
    await expect(fetching).resolves.toMatchObject({ byteLength: 1_000 })
  })
})
