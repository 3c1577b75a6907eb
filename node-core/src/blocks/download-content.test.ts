import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../base/clock.ts'
import { blocksOf, MIB, noise, openTestNode, streamOf, temporaryFolder } from './block-node.fixture.ts'
import { type DownloadOptions, downloadContent } from './download-content.ts'
import { type Fault, startGateway } from './gateway-farm.fixture.ts'
import { importFile } from './import-file.ts'

const content = noise(3 * MIB + 5)

async function open(...faulty: Fault[]) {
  const node = await openTestNode()
  const { cid, keccak256 } = await importFile(node, streamOf(content))
  const blocks = await blocksOf(node, cid)
  const gateways = await Promise.all(faulty.map(fault => startGateway(blocks, fault)))
  const folder = await temporaryFolder()
  const out = join(folder, 'file.bin')
  const download = (more: Partial<DownloadOptions> = {}) =>
    downloadContent({
      ...{ cid, out, maxBytes: 10 * MIB, clock: systemClock, signal: new AbortController().signal },
      sources: gateways.map(({ url }) => ({ kind: 'gateway', url, isLocalAllowed: true, timeoutMs: 500 })),
      ...more,
    })
  return { folder, out, gateways, keccak256, download }
}

test('a file comes whole past bad gateways, with its hashes, and nothing else is left', async () => {
  const { folder, out, gateways, keccak256, download } = await open('corrupt', 'hangs', 'none')
  writeFileSync(out, 'what was there before')
  expect(await download()).toEqual({
    byteLength: content.length,
    sha256: `0x${createHash('sha256').update(content).digest('hex')}`,
    keccak256,
    source: gateways[2]?.url,
  })
  expect(Buffer.compare(readFileSync(out), content)).toBe(0)
  expect(readdirSync(folder)).toEqual(['file.bin'])
})

test.each<[string, string, Fault, Partial<DownloadOptions>]>([
  ['no gateway has it', 'IPFS_FETCH_FAILED', 'notFound', {}],
  ['it is larger than allowed', 'IPFS_SIZE_CAP', 'none', { maxBytes: 3 * MIB }],
  ['it is no CID', 'VALIDATION_ERROR', 'none', { cid: 'bafy' }],
  ['there is no such folder', 'FILE_NOT_WRITABLE', 'none', { out: '/nowhere/at/all' }],
  ['the file is a folder', 'FILE_NOT_WRITABLE', 'none', { out: '/tmp' }],
])('when %s that is said, and nothing is left', async (_, code, fault, more) => {
  const { folder, download } = await open(fault)
  await expect(download(more)).rejects.toMatchObject({ code })
  expect(readdirSync(folder)).toEqual([])
})

test('given up, it leaves neither files nor connections', async () => {
  const { folder, gateways, download } = await open('drips')
  const giveUp = new AbortController()
  const downloading = download({ signal: giveUp.signal })
  await expect.poll(() => gateways[0]?.asked.length).toBe(1)
  giveUp.abort(new Error('enough'))
  await expect(downloading).rejects.toThrow('enough')
  expect(readdirSync(folder)).toEqual([])
  await expect.poll(() => gateways[0]?.connections()).toBe(0)
})
