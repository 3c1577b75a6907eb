/** Takes in what a CAR file holds: its blocks, and a pin for each of its roots once that is all there. */

import type { CID } from 'multiformats/cid'
import { AppError, isAppError } from '../base/app-error.ts'
import type { BlockNode } from './block-node.ts'
import { deleteUnneeded } from './delete-unneeded.ts'
import { cutPieces } from './import-file.ts'
import { readCar } from './read-car.ts'
import { maxBlocksOf, walkContent } from './walk-content.ts'

export type ImportCarOptions = {
  /** Of the archive, and of the content of each root. */
  readonly maxBytes: number
  readonly signal?: AbortSignal | undefined
  /** Called with the bytes taken in so far, after each piece. */
  readonly onProgress?: ((progress: { readonly bytes: number }) => void) | undefined
  /** How long to wait for others who add content before what nobody needs is removed; default 5 s, a guess. */
  readonly removeTimeoutMs?: number | undefined
}

/** @property blocks that the roots need, each once. @property bytes of the archive, as far as it was read. */
export type ImportedCar = { readonly roots: readonly string[]; readonly blocks: number; readonly bytes: number }

const READS_AT_ONCE = 2
const REMOVE_TIMEOUT_MS = 5_000

/**
 * Blocks may come in any order and more than once; those that are here already need not come. What no root needs is not kept, and
 * neither is anything on failure; only when others go on adding content meanwhile it stays, without a pin.
 * @throws AppError MALFORMED_CAR, IPFS_HASH_MISMATCH, IPFS_SIZE_CAP, IPFS_FETCH_FAILED {blockCid} for a block that is missing or is
 *   no part of a file, DATABASE_FULL; the signal's reason when it aborts; what the source throws.
 */
export async function importCar(
  node: BlockNode,
  source: AsyncIterable<Uint8Array>,
  options: ImportCarOptions,
): Promise<ImportedCar> {
  /** Blocks that this import brought, as long as it is not known that a root needs them. */
  const unneeded = new Map<string, CID>()
  try {
    using _ = await node.gate.share()
    const { roots, bytes } = await storeBlocks(node, source, options, unneeded)
    const needed = new Map<string, CID>()
    for (const root of roots)
      for (const cid of await blocksOf(node, root, options)) needed.set(node.blocks.pathOf(cid), cid)
    options.signal?.throwIfAborted()
    await pinAll(node, roots.map(String))
    for (const path of needed.keys()) unneeded.delete(path)
    return { roots: roots.map(String), blocks: needed.size, bytes }
  } finally {
    await remove(node, unneeded, options.removeTimeoutMs)
  }
}

async function storeBlocks(
  node: BlockNode,
  source: AsyncIterable<Uint8Array>,
  { maxBytes, signal, onProgress }: ImportCarOptions,
  added: Map<string, CID>,
): Promise<{ readonly roots: readonly CID[]; readonly bytes: number }> {
  const maxBlocks = maxBlocksOf(maxBytes)
  let roots: readonly CID[] = []
  let bytes = 0

  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of cutPieces(source, signal)) {
      bytes += piece.length
      if (bytes > maxBytes) throw new AppError('IPFS_SIZE_CAP', { maxBytes })
      onProgress?.({ bytes })
      yield piece
    }
  }

  for await (const part of readCar(counted())) {
    if (part.kind === 'roots') {
      roots = part.roots
      continue
    }
    if (!(await node.blocks.has(part.cid))) added.set(node.blocks.pathOf(part.cid), part.cid)
    if (added.size > maxBlocks) throw new AppError('IPFS_SIZE_CAP', { maxBlocks })
    await node.blocks.write(part.cid, part.bytes)
  }
  return { roots, bytes }
}

/** Reads them all from disk, so that none is missing or contradicts another. */
async function blocksOf(node: BlockNode, root: CID, options: ImportCarOptions): Promise<readonly CID[]> {
  const { blocks } = await walkContent({
    root,
    maxBytes: options.maxBytes,
    concurrency: READS_AT_ONCE,
    async readBlock(block) {
      options.signal?.throwIfAborted()
      const bytes = await node.blocks.readLocal(block)
      if (bytes === undefined) throw missing(root, block)
      return bytes
    },
  })
  return blocks
}

function missing(root: CID, block: CID): AppError {
  const reason = 'the archive lacks this block'
  const attempts = [{ source: 'archive', code: 'IPFS_FETCH_FAILED', reason }]
  return new AppError('IPFS_FETCH_FAILED', { cid: root.toString(), blockCid: block.toString(), reason, attempts })
}

/** All of them or none. */
async function pinAll(node: BlockNode, roots: readonly string[]): Promise<void> {
  const pinned: string[] = []
  try {
    for (const root of roots) {
      if (node.pins.has(root)) continue
      await node.pins.add(root)
      pinned.push(root)
    }
  } catch (error) {
    for (const root of pinned) await node.pins.remove(root)
    throw error
  }
}

async function remove(node: BlockNode, blocks: ReadonlyMap<string, CID>, timeoutMs = REMOVE_TIMEOUT_MS): Promise<void> {
  if (blocks.size === 0) return
  try {
    using _ = await node.gate.own(timeoutMs)
    await deleteUnneeded(node, blocks)
  } catch (error) {
    // They are as good as those that a kill leaves: whole, without a pin, and in nobody's way.
    if (!isAppError(error, 'TIMEOUT')) throw error
  }
}
