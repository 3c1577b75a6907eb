/** Visits every block of a file once, a few at a time, within caps on bytes, blocks and depth. */

import type { CID } from 'multiformats/cid'
import { AppError } from '../base/app-error.ts'
import { type FileNode, MalformedFile, parseFileNode } from './unixfs-node.ts'

export type WalkOptions = {
  readonly root: CID
  /** The signal fires when the walk has failed elsewhere. */
  readonly readBlock: (cid: CID, signal: AbortSignal) => Promise<Uint8Array>
  /** What the file must measure, in bytes, when that is known beforehand. */
  readonly byteLength?: number | undefined
  readonly maxBytes: number
  readonly concurrency: number
  readonly onBlock?: ((progress: { readonly blocks: number; readonly receivedBytes: number }) => void) | undefined
}

/** @property receivedBytes of all distinct blocks, tree nodes included. @property blocks each once, parents first. */
export type WalkResult = {
  readonly byteLength: number
  readonly blocks: readonly CID[]
  readonly receivedBytes: number
}

/** Much below any chunk size in use, so that only a DAG made to be huge has more blocks than this allows. */
const MIN_AVERAGE_BLOCK_BYTES = 16 * 1024
const SPARE_BLOCKS = 64
/** 1,024 links a level hold 1 PiB in five levels; 32 leaves room for narrow trees. */
const MAX_DEPTH = 32

/** Of content that measures so much. */
export const maxBlocksOf = (maxBytes: number): number => SPARE_BLOCKS + Math.ceil(maxBytes / MIN_AVERAGE_BLOCK_BYTES)

type Pending = { readonly cid: CID; readonly sizeBytes: number | undefined; readonly depth: number }

/**
 * Each block must measure what its parent declares, so the root's size is the sum of what was seen.
 * @throws AppError IPFS_SIZE_CAP, IPFS_FETCH_FAILED for content that is no consistent file; whatever `readBlock` throws.
 */
export async function walkContent(options: WalkOptions): Promise<WalkResult> {
  const { root, maxBytes, byteLength } = options
  if (byteLength !== undefined && byteLength > maxBytes) throw sizeCap(root, { byteLength, maxBytes })
  const walk = createWalk(options)
  const measured = await walk.visit({ cid: root, sizeBytes: undefined, depth: 0 })
  const limit = byteLength ?? maxBytes
  if (measured > limit) throw sizeCap(root, { byteLength: measured, maxBytes: limit })
  if (measured < limit && byteLength !== undefined) throw malformed(root, `${measured} bytes, not ${byteLength}`)
  await walk.finish()
  return { byteLength: measured, blocks: walk.blocks(), receivedBytes: walk.receivedBytes() }
}

/** The state of one walk: what was seen, and what is still to visit (last in, first out, so that it stays short). */
function createWalk(options: WalkOptions) {
  const { root, concurrency } = options
  const maxBlocks = maxBlocksOf(options.maxBytes)
  const seen = new Map<string, Pending>()
  const pending: Pending[] = []
  const failed = new AbortController()
  let receivedBytes = 0

  async function visit(next: Pending): Promise<number> {
    seen.set(next.cid.toString(), next)
    if (seen.size > maxBlocks) throw sizeCap(root, { maxBlocks })
    if (next.depth > MAX_DEPTH) throw malformed(root, `deeper than ${MAX_DEPTH} levels`)
    const block = await options.readBlock(next.cid, failed.signal)
    receivedBytes += block.length
    const node = checkedNode(root, next, block)
    for (const link of node.links.toReversed()) pending.push({ ...link, depth: next.depth + 1 })
    options.onBlock?.({ blocks: seen.size, receivedBytes })
    return node.sizeBytes
  }

  /** @returns the next block that was not visited, or undefined when none is left. */
  function takeNext(): Pending | undefined {
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const before = seen.get(next.cid.toString())
      if (before === undefined) return next
      if (before.sizeBytes !== next.sizeBytes) throw malformed(root, `${next.cid} is declared with two sizes`)
    }
    return undefined
  }

  async function finish(): Promise<void> {
    const lanes = new Set<Promise<void>>()
    const start = (next: Pending) => {
      const lane: Promise<void> = visit(next).then(() => void lanes.delete(lane))
      lanes.add(lane)
    }
    try {
      for (;;) {
        for (let next = takeNext(); next !== undefined; next = takeNext()) {
          start(next)
          if (lanes.size >= concurrency) break
        }
        if (lanes.size === 0) return
        await Promise.race(lanes)
      }
    } finally {
      failed.abort()
      await Promise.allSettled(lanes)
    }
  }

  return { visit, finish, blocks: () => [...seen.values()].map(({ cid }) => cid), receivedBytes: () => receivedBytes }
}

function checkedNode(root: CID, { cid, sizeBytes }: Pending, block: Uint8Array): FileNode {
  const node = parse(root, cid, block)
  if (sizeBytes !== undefined && node.sizeBytes !== sizeBytes) {
    throw malformed(root, `${cid} measures ${node.sizeBytes} bytes, declared were ${sizeBytes}`)
  }
  return node
}

function parse(root: CID, cid: CID, block: Uint8Array): FileNode {
  try {
    return parseFileNode(cid, block)
  } catch (error) {
    if (error instanceof MalformedFile) throw malformed(root, error.message)
    throw error
  }
}

function sizeCap(root: CID, data: Readonly<Record<string, number>>): AppError {
  return new AppError('IPFS_SIZE_CAP', { cid: root.toString(), ...data })
}

function malformed(root: CID, reason: string): AppError {
  const attempts = [{ source: 'content', code: 'IPFS_FETCH_FAILED', reason }]
  return new AppError('IPFS_FETCH_FAILED', { cid: root.toString(), attempts })
}
