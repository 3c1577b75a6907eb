/** The embedded node: who it is, what it keeps over a restart, and that it stays on this machine. */

import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
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
  temporaryFolder,
} from './block-node.fixture.ts'
import { openBlockNode } from './helia-node.ts'
import { importFile } from './import-file.ts'
import { readContent } from './read-content.ts'

describe('a block node', () => {
  it('keeps its blocks, pins and peer id over a restart', async () => {
    const first = await openTestNode()
    const content = noise(2 * MIB)
    const { cid } = await importFile(first, streamOf(content))
    await first[Symbol.asyncDispose]()

    const second = await openTestNode(first.directory)
    expect(second.peerId).toBe(first.peerId)
    expect(second.pins.list()).toEqual([cid])
    expectSameBytes(await collect(readContent(second, cid)), content)
  })

  it('keeps its key in a file for its owner alone', async () => {
    const { directory } = await openTestNode()
    const { mode } = await stat(path.join(directory, 'identity.key'))
    expect(mode & 0o777).toBe(0o600)
  })

  it('does not become another peer when its key is damaged', async () => {
    const directory = await temporaryFolder()
    await writeFile(path.join(directory, 'identity.key'), 'not a key')
    await expect(openTestNode(directory)).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' })
  })

  it('sees the peer it dialed, and that peer sees it', async () => {
    const [first, second] = await openTestPair()
    expect(second.peers()).toEqual([first.peerId])
    await expect.poll(() => first.peers()).toEqual([second.peerId])
  })

  it('stops while others are connected, and can be stopped twice', async () => {
    const [first, second] = await openTestPair()
    await first[Symbol.asyncDispose]()
    await first[Symbol.asyncDispose]()
    await expect.poll(() => second.peers()).toEqual([])
  })

  it('says whether it runs and its blocks can be reached', async () => {
    const node = await openTestNode()
    expect(await node.state()).toBe('running')
    await rm(path.join(node.directory, 'blocks'), { recursive: true })
    expect(await node.state()).toBe('failing')
    await node[Symbol.asyncDispose]()
    expect(await node.state()).toBe('stopped')
  })

  it('names a peer that does not answer', async () => {
    const [first, second] = await openTestPair()
    const address = addressOf(first)
    await first[Symbol.asyncDispose]()
    await expect.poll(() => second.peers()).toEqual([])
    await expect(second.dial(address)).rejects.toMatchObject({ code: 'PEER_UNREACHABLE', data: { address } })
  })
})

describe('an offline node', () => {
  it('has loopback addresses only, and its process listens on no other', async () => {
    const node = await openTestNode()
    expect(node.addresses).not.toEqual([])
    for (const address of node.addresses) expect(address).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\//)
  })

  it.skipIf(process.platform !== 'linux')('listens on loopback in the eyes of the kernel', async () => {
    const node = await openTestNode()
    const port = Number(addressOf(node).split('/')[4])
    expect(await kernelAddressesOfPort(port)).toEqual(['0100007F'])
  })

  it.each([
    '/ip4/0.0.0.0/tcp/0',
    '/ip4/192.168.1.1/tcp/0',
    '/ip6/::/tcp/0',
    '/dns4/localhost/tcp/0',
    '/ip4/127.0.0.1/tcp/0/ws',
  ])('refuses to listen on %s', async listen => {
    const opening = openBlockNode({ directory: await temporaryFolder(), listen: [listen], offline: true })
    await expect(opening).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  it.each(['/ip4/192.0.2.1/tcp/4001', '/dns4/example.com/tcp/4001', '/dnsaddr/example.com', 'nonsense'])(
    'refuses to dial %s',
    async address => {
      const node = await openTestNode()
      await expect(node.dial(address)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    },
  )
})

/** The local addresses, in the kernel's hex, of the sockets that listen on a port. */
async function kernelAddressesOfPort(port: number): Promise<(string | undefined)[]> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map(name => readFile(`/proc/self/net/${name}`, 'utf8').catch(() => '')),
  )
  const rows = tables.flatMap(table => table.split('\n').slice(1))
  const local = rows.map(row => row.trim().split(/\s+/)).filter(columns => columns[3] === '0A')
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  return local
    .map(columns => columns[1]?.split(':'))
    .filter(parts => parts?.[1] === hexPort)
    .map(parts => parts?.[0])
}
