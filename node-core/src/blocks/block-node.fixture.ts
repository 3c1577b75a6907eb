/** Block nodes and files for tests: in temporary folders, on loopback, gone after the test. */

import { createCipheriv } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { CID } from 'multiformats/cid'
import { expect, onTestFinished } from 'vitest'
import type { BlockNode } from './block-node.ts'
import { openBlockNode } from './helia-node.ts'
import { walkContent } from './walk-content.ts'

export const MIB = 1024 * 1024

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'blocks-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export type TestNode = BlockNode & { readonly directory: string; readonly damaged: readonly string[] }

export async function openTestNode(folder?: string, port = 0): Promise<TestNode> {
  const directory = folder ?? (await temporaryFolder())
  const damaged: string[] = []
  const node = await openBlockNode({
    directory,
    listen: [`/ip4/127.0.0.1/tcp/${port}`],
    offline: true,
    onDamagedBlock: cid => damaged.push(cid),
  })
  onTestFinished(() => node[Symbol.asyncDispose]())
  return Object.assign(node, { directory, damaged })
}

/** Two nodes, the second connected to the first. */
export async function openTestPair(): Promise<[TestNode, TestNode]> {
  const first = await openTestNode()
  const second = await openTestNode()
  await second.dial(addressOf(first))
  return [first, second]
}

export function addressOf(node: BlockNode): string {
  const [address] = node.addresses
  if (address === undefined) throw new Error('the node listens nowhere')
  return address
}

/** Bytes without repetition, the same for the same seed. */
export function noise(byteLength: number, seed = 1): Uint8Array {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16))
  return new Uint8Array(cipher.update(Buffer.alloc(byteLength)))
}

/** @param pieceBytes how much the source gives at a time; no multiple of the chunk size, so that pieces straddle chunks. */
export async function* streamOf(bytes: Uint8Array, pieceBytes = 60_000): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += pieceBytes) yield bytes.subarray(start, start + pieceBytes)
}

export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return new Uint8Array(Buffer.concat(parts))
}

/** Equality of long arrays, which the test library compares element by element. */
export function expectSameBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect(actual.length).toBe(expected.length)
  expect(Buffer.compare(actual, expected)).toBe(0)
}

/** All blocks of a stored file, by CID. */
export async function blocksOf(node: BlockNode, cid: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>()
  await walkContent({
    root: CID.parse(cid),
    maxBytes: Number.MAX_SAFE_INTEGER,
    concurrency: 1,
    async readBlock(block) {
      const bytes = (await node.blocks.readLocal(block)) ?? expect.fail(`${block} is not stored`)
      found.set(block.toString(), bytes)
      return bytes
    },
  })
  return found
}
