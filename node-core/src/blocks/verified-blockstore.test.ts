/** Blocks on disk: what is damaged is not there, what is half written never appears. */

import { readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { describe, expect, it } from 'vitest'
import { noise, temporaryFolder } from './block-node.fixture.ts'
import { RAW_CODEC } from './cid.ts'
import { MAX_BLOCK_BYTES, VerifiedBlockstore } from './verified-blockstore.ts'

async function openStore(directory: string) {
  const damaged: string[] = []
  const stored: string[] = []
  const store = new VerifiedBlockstore({
    directory,
    onDamagedBlock: cid => damaged.push(cid),
    onStoredBlock: cid => stored.push(cid),
  })
  await store.open()
  return { store, damaged, stored }
}

async function cidOf(bytes: Uint8Array): Promise<CID> {
  return CID.createV1(RAW_CODEC, await sha256.digest(bytes))
}

describe('the block store', () => {
  const block = noise(100_000)

  it('gives back what was put', async () => {
    const { store } = await openStore(await temporaryFolder())
    const cid = await cidOf(block)
    await store.put(cid, block)
    expect(await store.read(cid)).toEqual(Buffer.from(block))
    expect(store.wasRemoved(cid)).toBe(false)
  })

  it('tells of each block that is on disk, and of none that is refused', async () => {
    const { store, stored } = await openStore(await temporaryFolder())
    const cid = await cidOf(block)
    await store.put(cid, block)
    await expect(store.put(cid, noise(100_000, 2))).rejects.toMatchObject({ code: 'IPFS_HASH_MISMATCH' })
    await store.put(cid, block)
    expect(stored).toEqual([cid.toString(), cid.toString()])
  })

  it.each([
    ['changed', (file: string) => writeFile(file, noise(100_000, 2))],
    ['cut short', (file: string) => truncate(file, 99_999)],
    ['emptied', (file: string) => truncate(file, 0)],
    ['grown beyond any block', (file: string) => truncate(file, MAX_BLOCK_BYTES + 1)],
  ])('treats a block that was %s as missing and reports it once', async (_, damage) => {
    const { store, damaged } = await openStore(await temporaryFolder())
    const cid = await cidOf(block)
    await store.put(cid, block)
    await damage(store.pathOf(cid))

    expect(await store.read(cid)).toBeUndefined()
    expect(await store.has(cid)).toBe(false)
    expect(await store.read(cid)).toBeUndefined()
    expect(damaged).toEqual([cid.toString()])
    expect(store.damagedCount).toBe(1)
    expect(store.wasRemoved(cid)).toBe(true)
  })

  it('refuses bytes that are not those of the CID', async () => {
    const { store } = await openStore(await temporaryFolder())
    const cid = await cidOf(block)
    await expect(store.put(cid, noise(100_000, 2))).rejects.toMatchObject({ code: 'IPFS_HASH_MISMATCH' })
    expect(await store.has(cid)).toBe(false)
  })

  it('keeps one whole copy when the same block is put many times at once', async () => {
    const directory = await temporaryFolder()
    const { store } = await openStore(directory)
    const cid = await cidOf(block)
    await Promise.all(Array.from({ length: 20 }, () => store.put(cid, block)))
    expect(await readFile(store.pathOf(cid))).toEqual(Buffer.from(block))
    expect(await readdir(path.join(directory, 'tmp'))).toEqual([])
  })

  it('clears at the start what a kill left half written', async () => {
    const directory = await temporaryFolder()
    await openStore(directory)
    await writeFile(path.join(directory, 'tmp', 'half'), 'a block')
    await openStore(directory)
    expect(await readdir(path.join(directory, 'tmp'))).toEqual([])
  })
})
