/** Importing a file: the same CID everywhere, bounded memory, and nothing pinned unless it is all there. */

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'
import { base32upper } from 'multiformats/bases/base32'
import type { CID } from 'multiformats/cid'
import { keccak256 } from 'viem'
import { describe, expect, it, onTestFinished } from 'vitest'
import { MIB, noise, openTestNode, streamOf, temporaryFolder } from './block-node.fixture.ts'
import { digestFromCid } from './cid.ts'
import { damageOneBlock } from './damage-block.ts'
import { importFile } from './import-file.ts'
import { hasContent } from './read-content.ts'

const FIXTURE = path.join(import.meta.dirname, 'import-process.fixture.ts')

async function referenceCid(content: Uint8Array): Promise<string> {
  const nowhere = { put: async (cid: CID) => cid }
  const options = {
    chunker: fixedSize({ chunkSize: MIB }),
    layout: balanced({ maxChildrenPerNode: 1024 }),
    cidVersion: 1,
    rawLeaves: true,
    reduceSingleLeafToSelf: true,
  } as const
  for await (const { cid } of importer([{ content }], nowhere, options)) return cid.toString()
  throw new Error('nothing imported')
}

describe('importing a file', () => {
  it.each([
    ['one byte', 1, 0x55],
    ['one chunk', MIB, 0x55],
    ['one chunk and a byte', MIB + 1, 0x70],
    ['several chunks', 3 * MIB + 12_345, 0x70],
  ])('of %s gives the CID of the plain importer, its hashes and a pin', async (_, byteLength, codec) => {
    const node = await openTestNode()
    const content = noise(byteLength)
    const imported = await importFile(node, streamOf(content))
    expect(imported).toEqual({
      cid: await referenceCid(content),
      cidDigest: digestFromCid(imported.cid).digest,
      codec,
      byteLength,
      sha256: `0x${createHash('sha256').update(content).digest('hex')}`,
      keccak256: keccak256(content),
    })
    expect(node.pins.list()).toEqual([imported.cid])
    expect(await hasContent(node, imported.cid)).toBe(true)
  })

  it('gives the same CID whatever pieces the source gives', async () => {
    const node = await openTestNode()
    const content = noise(2 * MIB + 5)
    const { cid } = await importFile(node, streamOf(content, 7 * MIB))
    expect((await importFile(node, streamOf(content, 999))).cid).toBe(cid)
  })

  it('mends a damaged copy of the same block', async () => {
    const node = await openTestNode()
    const content = noise(MIB)
    const { cid } = await importFile(node, streamOf(content))
    await damageOneBlock(node, cid)
    await importFile(node, streamOf(content))
    expect(await hasContent(node, cid)).toBe(true)
  })

  it('refuses an empty file, and one above the limit, without a pin', async () => {
    const node = await openTestNode()
    await expect(importFile(node, streamOf(new Uint8Array()))).rejects.toMatchObject({ code: 'EMPTY_FILE' })
    await expect(importFile(node, streamOf(noise(2 * MIB)), { maxBytes: 2 * MIB - 1 })).rejects.toMatchObject({
      code: 'FILE_TOO_LARGE',
    })
    expect(node.pins.list()).toEqual([])
    await expect(importFile(node, streamOf(noise(2 * MIB)), { maxBytes: 2 * MIB })).resolves.toBeDefined()
  })

  it('passes on what the source throws, without a pin', async () => {
    const node = await openTestNode()
    async function* broken() {
      yield noise(2 * MIB)
      throw new Error('the disk was pulled out')
    }
    await expect(importFile(node, broken())).rejects.toThrow('the disk was pulled out')
    expect(node.pins.list()).toEqual([])
  })

  it('ends when it is cancelled while the source gives nothing, without a pin', async () => {
    const node = await openTestNode()
    const cancel = new AbortController()
    async function* silent() {
      yield noise(2 * MIB)
      cancel.abort(new Error('cancelled'))
      await new Promise(() => undefined)
    }
    await expect(importFile(node, silent(), { signal: cancel.signal })).rejects.toThrow('cancelled')
    expect(node.pins.list()).toEqual([])
  })
})

describe('an import in a process of its own', () => {
  function start(directory: string, mebibytes: number) {
    const child = spawn(process.execPath, [FIXTURE, directory, String(mebibytes)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    return { child, lines: createInterface({ input: child.stdout }) }
  }

  it('leaves no pin and no half block when it is killed midway', async () => {
    const directory = await temporaryFolder()
    const { child, lines } = start(directory, 64)
    for await (const line of lines) if (JSON.parse(line).bytes >= 8 * MIB) break
    child.kill('SIGKILL')
    await once(child, 'exit')

    const node = await openTestNode(directory)
    expect(node.pins.list()).toEqual([])
    expect(await readdir(path.join(directory, 'tmp'))).toEqual([])
    const blocks = await storedBlocks(directory)
    expect(blocks.length).toBeGreaterThan(3)
    for (const { name, sha256 } of blocks) expect(name).toBe(sha256)
  })

  it('of a large file needs little memory', { timeout: 60_000 }, async () => {
    const { child, lines } = start(await temporaryFolder(), 128)
    const exited = once(child, 'exit')
    let last: { readonly cid?: string; readonly extraBytes?: number } = {}
    for await (const line of lines) last = JSON.parse(line)
    expect(await exited).toEqual([0, null])
    expect(last.cid).toMatch(/^bafybei/)
    expect(last.extraBytes).toBeLessThan(100 * MIB)
  })
})

/** Name and real hash of each block file, both as the store writes names: the multihash in upper-case base32. */
async function storedBlocks(directory: string) {
  const files = await readdir(path.join(directory, 'blocks'), { recursive: true, withFileTypes: true })
  const blocks = files.filter(file => file.isFile())
  return await Promise.all(
    blocks.map(async file => {
      const digest = createHash('sha256')
        .update(await readFile(path.join(file.parentPath, file.name)))
        .digest()
      const multihash = Uint8Array.from([0x12, 0x20, ...digest])
      return { name: file.name.replace('.data', ''), sha256: base32upper.encode(multihash) }
    }),
  )
}
