/** Gets a whole file from HTTP sources alone and writes it where it is wanted; without a node, and without keeping its blocks. */

import { mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import { type BlockSourceOptions, createBlockSource } from './block-source.ts'
import { parseContentCid } from './cid.ts'
import { type ContentHashes, createContentHashes } from './content-hashes.ts'
import { fetchFromSources } from './fetch-from-sources.ts'
import { readContent } from './read-content.ts'
import { VerifiedBlockstore } from './verified-blockstore.ts'
import { walkContent } from './walk-content.ts'
import { writeFileFrom } from './write-file-from.ts'

export type DownloadOptions = {
  readonly cid: string
  /** In order of preference. */
  readonly sources: readonly BlockSourceOptions[]
  /** The file; what is there already is replaced, at the end and in one step. */
  readonly out: string
  readonly maxBytes: number
  readonly signal: AbortSignal
  readonly clock: Clock
  /** Told what of all blocks has come. */
  readonly onProgress?: (receivedBytes: number) => void
}
/** @property source the one that sent most blocks. */
export type Downloaded = ContentHashes & { readonly source: string }

/** Of up to 2 MiB each. */
const BLOCKS_AT_ONCE = 4

/**
 * Takes room for the content twice, beside `out`, until it is done.
 * @throws AppError VALIDATION_ERROR, IPFS_FETCH_FAILED {gateway, reason, attempts}, IPFS_SIZE_CAP, FILE_NOT_WRITABLE; the signal's reason.
 *   Nothing is left behind then.
 */
export async function downloadContent(options: DownloadOptions): Promise<Downloaded> {
  const root = parseContentCid(options.cid)
  const folder = await mkdtemp(path.join(path.dirname(path.resolve(options.out)), '.emerald-')).catch(cause => {
    throw new AppError('FILE_NOT_WRITABLE', { path: options.out }, { cause })
  })
  const sources = options.sources.map(each => createBlockSource(each, options))
  try {
    const store = new VerifiedBlockstore({ directory: folder })
    await store.open()
    const sent = new Map<string, number>()
    await walkContent({
      root,
      maxBytes: options.maxBytes,
      concurrency: BLOCKS_AT_ONCE,
      onBlock: ({ receivedBytes }) => options.onProgress?.(receivedBytes),
      async readBlock(cid, failed) {
        const signal = AbortSignal.any([options.signal, failed])
        const { bytes, source } = await fetchFromSources(sources, cid, { signal, clock: options.clock })
        await store.put(cid, bytes)
        sent.set(source, (sent.get(source) ?? 0) + 1)
        return bytes
      },
    })
    const hashes = await assemble(store, options)
    return { ...hashes, source: [...sent].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '' }
  } finally {
    for (const source of sources) source[Symbol.dispose]()
    await rm(folder, { recursive: true, force: true })
  }
}

async function assemble(store: VerifiedBlockstore, { cid, out, signal }: DownloadOptions): Promise<ContentHashes> {
  const hashes = createContentHashes()
  const read = async (block: Parameters<VerifiedBlockstore['read']>[0]): Promise<Uint8Array> => {
    const bytes = await store.read(block)
    if (bytes === undefined) throw new AppError('STORAGE_CORRUPT', { block: block.toString() })
    return bytes
  }
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const part of readContent({ blocks: { read } }, cid, { signal })) {
      hashes.update(part)
      yield part
    }
  }

  await writeFileFrom(out, hashed())
  return hashes.result()
}
