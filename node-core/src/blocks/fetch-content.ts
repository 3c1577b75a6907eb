/** Makes a whole file local: from disk, else from connected peers; every block verified, and pinned at the end. */

import { AppError, isAppError } from '../base/app-error.ts'
import type { BlockNode } from './block-node.ts'
import { parseContentCid } from './cid.ts'
import { walkContent } from './walk-content.ts'

export type FetchProgress = { readonly blocks: number; readonly receivedBytes: number }

export type FetchContentOptions = {
  readonly cid: string
  /** The exact size, in bytes, that the content must have; without it any size up to `maxBytes` will do. */
  readonly byteLength?: number | undefined
  readonly maxBytes: number
  /** For the whole fetch. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined
}

/** @property receivedBytes of all distinct blocks, whether they were local or came from a peer. */
export type FetchedContent = { readonly byteLength: number; readonly blocks: number; readonly receivedBytes: number }

/** Blocks of 1 MiB in flight; bounds memory, and stays under the 4 MiB of one bitswap message. */
const BLOCKS_AT_ONCE = 4

/**
 * Blocks that arrived before a failure stay on disk, unpinned, so a second try goes on where the first one stopped.
 * @throws AppError VALIDATION_ERROR, IPFS_SIZE_CAP, IPFS_TIMEOUT, IPFS_FETCH_FAILED with `attempts`, IPFS_HASH_MISMATCH,
 *   NODE_STOPPING; the signal's reason when the caller gave up.
 */
export async function fetchContent(node: BlockNode, options: FetchContentOptions): Promise<FetchedContent> {
  const { cid, byteLength, maxBytes, timeoutMs, onProgress } = options
  const root = parseContentCid(cid)
  const timeout = AbortSignal.timeout(timeoutMs)
  const giveUp = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout])
  using _ = await node.gate.share()
  try {
    const walked = await walkContent({
      root,
      byteLength,
      maxBytes,
      concurrency: BLOCKS_AT_ONCE,
      onBlock: onProgress,
      async readBlock(block, failed) {
        giveUp.throwIfAborted()
        return await node.blocks.read(block, { signal: AbortSignal.any([giveUp, failed]), timeoutMs })
      },
    })
    giveUp.throwIfAborted()
    await node.pins.add(cid)
    return { byteLength: walked.byteLength, blocks: walked.blocks.length, receivedBytes: walked.receivedBytes }
  } catch (error) {
    options.signal?.throwIfAborted()
    if (timeout.aborted) throw timedOut(options, error)
    throw isAppError(error, 'IPFS_FETCH_FAILED') ? withContent(error, cid) : error
  }
}

function timedOut({ cid, timeoutMs }: FetchContentOptions, cause: unknown): AppError {
  const reason = `not complete within ${timeoutMs} ms`
  const attempts = [{ source: 'bitswap', code: 'IPFS_TIMEOUT', reason }]
  return new AppError('IPFS_TIMEOUT', { cid, timeoutMs, attempts }, { cause })
}

/** Which content the missing block belongs to. */
function withContent(error: AppError, cid: string): AppError {
  return new AppError('IPFS_FETCH_FAILED', { ...error.data, cid }, { cause: error })
}
