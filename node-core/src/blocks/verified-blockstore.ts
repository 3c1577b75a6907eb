/** Blocks on disk, hashed on every read and every write: a damaged block is removed and counts as missing. */

import { createHash } from 'node:crypto'
import { access, constants, type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { FsBlockstore } from 'blockstore-fs'
import { NextToLast } from 'blockstore-fs/sharding'
import type { CID } from 'multiformats/cid'
import { AppError } from '../base/app-error.ts'
import { SHA2_256 } from './cid.ts'
import { isNodeError, writeAtomically } from './write-atomically.ts'

/** Larger blocks are refused; bitswap itself moves at most 4 MiB in one message, and ours are 1 MiB. */
export const MAX_BLOCK_BYTES = 2 * 1024 * 1024

/** Bounds what is remembered of removed blocks; beyond it a repair only starts a second later. */
const MAX_REMEMBERED = 10_000

/** Is given the block's CID. */
export type BlockListener = (cid: string) => void

export type VerifiedBlockstoreOptions = {
  /** Holds `blocks/` and `tmp/`; both are made when missing, and `tmp/` is emptied. */
  readonly directory: string
  readonly onDamagedBlock?: BlockListener
  /** Its bytes are on disk, whether or not they were before. */
  readonly onStoredBlock?: BlockListener
}

/** The name is what bitswap looks for when it asks for a block that is not there. */
class BlockMissing extends Error {
  override readonly name = 'NotFoundError'
}

/** A subclass, so that what has no bearing on safety (listing, deleting, batches) stays the library's. */
export class VerifiedBlockstore extends FsBlockstore {
  readonly #temporary: string
  readonly #onDamagedBlock: BlockListener | undefined
  readonly #onStoredBlock: BlockListener | undefined
  readonly #sharding: NextToLast
  /** Paths of blocks that were here since the start, and are not now. */
  readonly #removed = new Set<string>()
  #damagedCount = 0

  constructor({ directory, onDamagedBlock, onStoredBlock }: VerifiedBlockstoreOptions) {
    const sharding = new NextToLast()
    super(path.join(directory, 'blocks'), { shardingStrategy: sharding, putManyConcurrency: 4, getManyConcurrency: 4 })
    this.#temporary = path.join(directory, 'tmp')
    this.#onDamagedBlock = onDamagedBlock
    this.#onStoredBlock = onStoredBlock
    this.#sharding = sharding
  }

  /** How many damaged blocks were found since the store was opened. */
  get damagedCount(): number {
    return this.#damagedCount
  }

  /** Whether the block was here since the start, and is not now: peers may remember having sent it. */
  wasRemoved(cid: CID): boolean {
    return this.#removed.has(this.pathOf(cid))
  }

  /** Where the block lies on disk, whether or not it is there. */
  pathOf(cid: CID): string {
    const { dir, file } = this.#sharding.encode(cid)
    return path.join(this.path, dir, file)
  }

  /** Whether its folder is there, to be read and written. */
  isUsable(): Promise<boolean> {
    const { R_OK, W_OK, X_OK } = constants
    return access(this.path, R_OK | W_OK | X_OK).then(
      () => true,
      () => false, // for whatever reason
    )
  }

  override async open(): Promise<void> {
    await super.open()
    await rm(this.#temporary, { recursive: true, force: true })
    await mkdir(this.#temporary, { recursive: true })
  }

  /** @throws AppError IPFS_HASH_MISMATCH when the bytes are not those of the CID; nothing is stored then. */
  override async put(cid: CID, value: Parameters<FsBlockstore['put']>[1]): Promise<CID> {
    const bytes = value instanceof Uint8Array ? value : await collect(value)
    if (!isIntact(cid, bytes)) throw new AppError('IPFS_HASH_MISMATCH', { cid: cid.toString() })
    const file = this.pathOf(cid)
    await writeAtomically({ file, temporary: this.#temporary, bytes })
    this.#removed.delete(file)
    this.#onStoredBlock?.(cid.toString())
    return cid
  }

  override async delete(cid: CID): Promise<void> {
    await super.delete(cid)
    this.#remember(this.pathOf(cid))
  }

  /** One chunk: the whole block. @throws an error named NotFoundError when the block is missing or was damaged. */
  override async *get(cid: CID): AsyncGenerator<Uint8Array> {
    const bytes = await this.read(cid)
    if (bytes === undefined) throw new BlockMissing(`no intact block ${cid}`)
    yield bytes
  }

  /** @returns undefined when the block is missing, or was damaged and is therefore gone now. */
  async read(cid: CID): Promise<Uint8Array | undefined> {
    const file = this.pathOf(cid)
    try {
      await using handle = await open(file)
      const bytes = await readWhole(handle)
      if (bytes !== undefined && isIntact(cid, bytes)) return bytes
      await this.#removeDamaged(cid, file, (await handle.stat()).ino)
      return undefined
    } catch (error) {
      if (isNodeError(error, 'ENOENT')) return undefined
      throw error
    }
  }

  /** The inode is compared because another reader may have repaired the block since this one read it. */
  async #removeDamaged(cid: CID, file: string, inode: number): Promise<void> {
    if ((await stat(file)).ino !== inode) return
    await rm(file)
    this.#remember(file)
    this.#damagedCount += 1
    this.#onDamagedBlock?.(cid.toString())
  }

  #remember(file: string): void {
    if (this.#removed.size < MAX_REMEMBERED) this.#removed.add(file)
  }
}

/** @returns undefined when the file cannot be a block: too large, or a part of the disk that cannot be read. */
async function readWhole(handle: FileHandle): Promise<Uint8Array | undefined> {
  if ((await handle.stat()).size > MAX_BLOCK_BYTES) return undefined
  try {
    return await handle.readFile()
  } catch (error) {
    if (isNodeError(error, 'EIO')) return undefined
    throw error
  }
}

/** Whether these are the bytes of the CID, and not too many. */
export function isIntact(cid: CID, bytes: Uint8Array): boolean {
  if (cid.multihash.code !== SHA2_256 || bytes.length > MAX_BLOCK_BYTES) return false
  return createHash('sha256').update(bytes).digest().equals(cid.multihash.digest)
}

async function collect(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    if (length > MAX_BLOCK_BYTES) throw new AppError('PAYLOAD_TOO_LARGE', { maxBytes: MAX_BLOCK_BYTES })
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}
