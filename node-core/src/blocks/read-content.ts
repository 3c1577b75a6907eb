/** Reads a stored file, whole or in part; a block that is missing or damaged is fetched from peers on the way. */

import type { CID } from 'multiformats/cid'
import { AppError } from '../base/app-error.ts'
import type { BlockNode, BlockStore, ReadBlockOptions } from './block-node.ts'
import { parseContentCid } from './cid.ts'
import { type FileNode, MalformedFile, parseFileNode } from './unixfs-node.ts'
import { walkContent } from './walk-content.ts'

export type ReadContentOptions = {
  /** In bytes, default 0. */
  readonly offset?: number | undefined
  /** In bytes, default to the end; what lies beyond the end is left out. */
  readonly length?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** For each block that has to come from a peer. */
  readonly blockTimeoutMs?: number | undefined
}

export type BlockReader = { readonly blocks: Pick<BlockStore, 'read'> }
/** From `start` up to and without `end`, counted from the beginning of the file. */
type Range = { readonly start: number; readonly end: number }

/**
 * One chunk a block, in order, one block at a time: memory stays at one block however slowly the reader takes them.
 * @throws AppError VALIDATION_ERROR, IPFS_FETCH_FAILED, IPFS_TIMEOUT, NODE_STOPPING; the signal's reason when it aborts.
 */
export async function* readContent(
  node: BlockReader,
  cid: string,
  options: ReadContentOptions = {},
): AsyncGenerator<Uint8Array> {
  const { offset = 0, length = Number.POSITIVE_INFINITY, signal, blockTimeoutMs } = options
  if (!Number.isSafeInteger(offset) || offset < 0) throw invalid('offset', offset)
  if (!(length >= 0)) throw invalid('length', length)
  const range = { start: offset, end: offset + length }
  yield* readPart(node, parseContentCid(cid), range, 0, { signal, timeoutMs: blockTimeoutMs })
}

/** The part as one array; shorter than `length` where the file ends. @throws as {@link readContent}. */
export async function readRange(
  node: BlockReader,
  cid: string,
  options: ReadContentOptions & { readonly offset: number; readonly length: number },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of readContent(node, cid, options)) chunks.push(chunk)
  const [only] = chunks
  return chunks.length === 1 && only !== undefined ? only : new Uint8Array(Buffer.concat(chunks))
}

/** Whether all blocks of the file are on disk and undamaged. Reads and hashes them all; asks no peer. */
export async function hasContent(node: BlockNode, cid: string): Promise<boolean> {
  const missing = new Error('not on disk')
  try {
    const root = parseContentCid(cid)
    await walkContent({
      root,
      maxBytes: Number.MAX_SAFE_INTEGER,
      concurrency: 2,
      async readBlock(block) {
        const bytes = await node.blocks.readLocal(block)
        if (bytes === undefined) throw missing
        return bytes
      },
    })
    return true
  } catch (error) {
    if (error === missing) return false
    throw error
  }
}

async function* readPart(
  node: BlockReader,
  cid: CID,
  range: Range,
  position: number,
  options: ReadBlockOptions,
): AsyncGenerator<Uint8Array> {
  options.signal?.throwIfAborted()
  const part = parseFetched(cid, await node.blocks.read(cid, options))
  const own = cut(part.bytes, position, range)
  if (own.length > 0) yield own
  let next = position + part.bytes.length
  for (const link of part.links) {
    if (next >= range.end) return
    const end = next + link.sizeBytes
    if (end > range.start) yield* readPart(node, link.cid, range, next, options)
    next = end
  }
}

function cut(bytes: Uint8Array, position: number, { start, end }: Range): Uint8Array {
  return bytes.subarray(Math.max(0, start - position), Math.max(0, Math.min(bytes.length, end - position)))
}

/** @throws AppError IPFS_FETCH_FAILED for a block that is no part of a file. */
export function parseFetched(cid: CID, block: Uint8Array): FileNode {
  try {
    return parseFileNode(cid, block)
  } catch (error) {
    if (!(error instanceof MalformedFile)) throw error
    const attempts = [{ source: 'content', code: 'IPFS_FETCH_FAILED', reason: error.message }]
    throw new AppError('IPFS_FETCH_FAILED', { blockCid: cid.toString(), attempts }, { cause: error })
  }
}

function invalid(field: string, value: number): AppError {
  return new AppError('VALIDATION_ERROR', { field, message: `${value} is no count of bytes` })
}
