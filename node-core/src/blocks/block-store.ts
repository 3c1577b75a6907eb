/** The block store that the engine sees: verified blocks on disk first, connected peers second, HTTP sources beside them. */

import type { Helia } from '@helia/interface'
import type { CID } from 'multiformats/cid'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import { type BlockStore, PEER_BLOCK_TIMEOUT_MS } from './block-node.ts'
import type { BlockSource } from './block-source.ts'
import type { PeerFetchDeps } from './fetch-block.ts'
import { fetchBlockFromNetwork } from './fetch-from-network.ts'
import type { VerifiedBlockstore } from './verified-blockstore.ts'

type NetworkedBlocks = Pick<Helia, 'blockstore'> & Pick<PeerFetchDeps, 'libp2p'>

type Deps = {
  readonly helia: NetworkedBlocks
  readonly sources: readonly BlockSource[]
  /** Fires when the node closes; waits for the network end with its reason. */
  readonly stopping: AbortSignal
  readonly clock: Clock
}

export function createBlockStore(store: VerifiedBlockstore, { helia, sources, stopping, clock }: Deps): BlockStore {
  const deps = {
    ...{ libp2p: helia.libp2p, sources, clock },
    want: (cid: CID, signal: AbortSignal) => first(helia.blockstore.get(cid, { signal })),
    keep: async (cid: CID, bytes: Uint8Array) => void (await helia.blockstore.put(cid, bytes)),
  }
  return {
    has: cid => store.has(cid),
    readLocal: cid => store.read(cid),
    async read(cid, { signal, timeoutMs = PEER_BLOCK_TIMEOUT_MS } = {}) {
      const local = await store.read(cid)
      if (local !== undefined) return local
      const either = signal === undefined ? stopping : AbortSignal.any([signal, stopping])
      return await fetchBlockFromNetwork(deps, cid, { signal: either, timeoutMs, hadBefore: store.wasRemoved(cid) })
    },
    async write(cid, bytes) {
      if ((await store.read(cid)) === undefined) await helia.blockstore.put(cid, bytes)
    },
    delete: cid => store.delete(cid),
    pathOf: cid => store.pathOf(cid),
    damagedCount: () => store.damagedCount,
  }
}

/** Our store and the network both give a block as one chunk. */
async function first(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Uint8Array> {
  for await (const chunk of chunks) return chunk
  throw new AppError('INTERNAL', { reason: 'a block without bytes' })
}
