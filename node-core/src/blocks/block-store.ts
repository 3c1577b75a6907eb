/** The block store that the engine sees: verified blocks on disk first, connected peers second. */

import type { Helia } from '@helia/interface'
import type { CID } from 'multiformats/cid'
import { AppError } from '../base/app-error.ts'
import { type BlockStore, PEER_BLOCK_TIMEOUT_MS } from './block-node.ts'
import { fetchBlockFromPeers, type PeerFetchDeps } from './fetch-block.ts'
import type { VerifiedBlockstore } from './verified-blockstore.ts'

type NetworkedBlocks = Pick<Helia, 'blockstore'> & Pick<PeerFetchDeps, 'libp2p'>

/** @param stopping fires when the node closes; waits for the network end with its reason. */
export function createBlockStore(store: VerifiedBlockstore, helia: NetworkedBlocks, stopping: AbortSignal): BlockStore {
  const deps = {
    libp2p: helia.libp2p,
    want: (cid: CID, signal: AbortSignal) => first(helia.blockstore.get(cid, { signal })),
  }
  return {
    has: cid => store.has(cid),
    readLocal: cid => store.read(cid),
    async read(cid, { signal, timeoutMs = PEER_BLOCK_TIMEOUT_MS } = {}) {
      const local = await store.read(cid)
      if (local !== undefined) return local
      const either = signal === undefined ? stopping : AbortSignal.any([signal, stopping])
      return await fetchBlockFromPeers(deps, cid, { signal: either, timeoutMs, hadBefore: store.wasRemoved(cid) })
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
