/** What the rest of the engine sees of the embedded IPFS node. */

import type { CID } from 'multiformats/cid'
import type { BlockSourceState } from './block-source.ts'
import type { PinSet } from './pin-set.ts'
import type { StoreGate } from './store-gate.ts'

export type ReadBlockOptions = {
  readonly signal?: AbortSignal | undefined
  /** For one block from the network; default {@link PEER_BLOCK_TIMEOUT_MS}. */
  readonly timeoutMs?: number | undefined
}

/** A block of 1 MiB over a slow line, with room for one repeated request. */
export const PEER_BLOCK_TIMEOUT_MS = 30_000

/** Blocks by CID. Whatever comes out matches its CID; a damaged block on disk counts as missing. */
export interface BlockStore {
  /** Whether the block's file is there; says nothing about its bytes. */
  has(cid: CID): Promise<boolean>
  /** From disk only. @returns undefined when the block is missing or was damaged. */
  readLocal(cid: CID): Promise<Uint8Array | undefined>
  /** From disk, else from connected peers or HTTP sources, which also repairs the copy on disk. @throws AppError IPFS_FETCH_FAILED, IPFS_TIMEOUT, NODE_STOPPING. */
  read(cid: CID, options?: ReadBlockOptions): Promise<Uint8Array>
  /** Also mends a damaged copy. @throws AppError IPFS_HASH_MISMATCH, DATABASE_FULL. */
  write(cid: CID, bytes: Uint8Array): Promise<void>
  delete(cid: CID): Promise<void>
  pathOf(cid: CID): string
  /** Damaged blocks found since the node was opened. */
  damagedCount(): number
}

/** `failing`: it runs, and its blocks on disk can't be read or written. */
export type BlockNodeState = 'running' | 'failing' | 'stopped'

export interface BlockNode extends AsyncDisposable {
  readonly peerId: string
  /** Multiaddrs under which this node can be dialed, each ending in its peer id. */
  readonly addresses: readonly string[]
  readonly blocks: BlockStore
  readonly pins: PinSet
  readonly gate: StoreGate
  state(): Promise<BlockNodeState>
  /** Peer ids of the nodes that are connected now. */
  peers(): readonly string[]
  /** HTTP servers that are asked for missing blocks, as they were configured. */
  sources(): readonly BlockSourceState[]
  /** @throws AppError VALIDATION_ERROR for an address this node may not dial, PEER_UNREACHABLE; the signal's reason. */
  dial(address: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>
}
