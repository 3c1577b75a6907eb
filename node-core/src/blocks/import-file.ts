/** Stores a file as blocks: the same bytes give the same CID on every node. */

import { type ImporterOptions, importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'
import type { CID } from 'multiformats/cid'
import { AppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import type { BlockNode } from './block-node.ts'
import { type CidCodec, digestFromCid } from './cid.ts'
import { type ContentHashes, createContentHashes } from './content-hashes.ts'

export type ImportFileOptions = {
  readonly signal?: AbortSignal | undefined
  readonly maxBytes?: number | undefined
  /** Called with the bytes taken in so far, after each piece. */
  readonly onProgress?: ((progress: { readonly bytes: number }) => void) | undefined
}

/** Hashes are of the file's bytes, except `cidDigest`: that of the root block. */
export type ImportedFile = ContentHashes & {
  readonly cid: string
  readonly cidDigest: Hex
  readonly codec: CidCodec
}

const CHUNK_BYTES = 1024 * 1024
/** Pieces are hashed between turns of the event loop. */
const PIECE_BYTES = 256 * 1024

/** The profile `unixfs-v1-2025` of IPIP-499, spelled out so that a new default in the library changes no CID. */
export function importerOptions(): ImporterOptions {
  return {
    cidVersion: 1,
    rawLeaves: true,
    leafType: 'file',
    reduceSingleLeafToSelf: true,
    fieldOrder: 'links-first',
    wrapWithDirectory: false,
    chunker: fixedSize({ chunkSize: CHUNK_BYTES }),
    layout: balanced({ maxChildrenPerNode: 1024 }),
    fileImportConcurrency: 1,
    blockWriteConcurrency: 4,
  }
}

/**
 * Takes the source piece by piece; pins the root after its last block is on disk, and nothing on failure.
 * @throws AppError EMPTY_FILE, FILE_TOO_LARGE, DATABASE_FULL; the signal's reason when it aborts; what the source throws.
 */
export async function importFile(
  node: BlockNode,
  source: AsyncIterable<Uint8Array>,
  options: ImportFileOptions = {},
): Promise<ImportedFile> {
  using _ = await node.gate.share()
  const measured = measure(source, options)
  const root = await storeBlocks(node, measured.pieces)
  options.signal?.throwIfAborted()
  const cid = root.toString()
  const { digest, codec } = digestFromCid(cid)
  await node.pins.add(cid)
  return { cid, cidDigest: digest, codec, ...measured.result() }
}

async function storeBlocks(node: BlockNode, content: AsyncIterable<Uint8Array>): Promise<CID> {
  const blockstore = {
    async put(cid: CID, block: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<CID> {
      if (!(block instanceof Uint8Array)) throw new TypeError('the importer gives whole blocks')
      await node.blocks.write(cid, block)
      return cid
    },
  }
  for await (const { cid } of importer([{ content }], blockstore, importerOptions())) return cid
  throw new AppError('EMPTY_FILE')
}

/** Counts and hashes what passes through; `result` holds once the pieces are used up. */
function measure(source: AsyncIterable<Uint8Array>, { signal, maxBytes, onProgress }: ImportFileOptions) {
  const hashes = createContentHashes()
  let byteLength = 0

  async function* pieces() {
    for await (const piece of cutPieces(source, signal)) {
      byteLength += piece.length
      if (maxBytes !== undefined && byteLength > maxBytes) throw new AppError('FILE_TOO_LARGE', { maxBytes })
      hashes.update(piece)
      onProgress?.({ bytes: byteLength })
      yield piece
      await new Promise(setImmediate)
    }
    if (byteLength === 0) throw new AppError('EMPTY_FILE')
  }

  return { pieces: pieces(), result: hashes.result }
}

/** Ends with the signal's reason as soon as it aborts, even while the source gives nothing. */
export async function* cutPieces(source: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined) {
  const iterator = source[Symbol.asyncIterator]()
  let done = false
  try {
    while (!done) {
      const next = await untilAborted(iterator.next(), signal)
      done = next.done === true
      if (next.done === true) return
      for (let start = 0; start < next.value.length; start += PIECE_BYTES) {
        yield next.value.subarray(start, start + PIECE_BYTES)
      }
    }
  } finally {
    // Not awaited: a source that gives nothing may never answer this either.
    if (!done) void Promise.resolve(iterator.return?.()).catch(() => undefined)
  }
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await promise
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
