/** Opens the embedded Helia node: blocks on disk, bitswap with connected peers, HTTP sources, no discovery of its own. */

import { setTimeout as sleep } from 'node:timers/promises'
import { withBitswap } from '@helia/bitswap'
import { withLibp2pLight } from '@helia/libp2p'
import { createHeliaLight } from 'helia'
import { AppError } from '../base/app-error.ts'
import { systemClock } from '../base/clock.ts'
import type { BlockNode } from './block-node.ts'
import { type BlockSourceOptions, createBlockSource } from './block-source.ts'
import { createBlockStore } from './block-store.ts'
import { dialPeer } from './dial-peer.ts'
import { isLoopbackAddress, libp2pOptions } from './libp2p-options.ts'
import { loadIdentity } from './load-identity.ts'
import { openPinSet } from './pin-set.ts'
import { createStoreGate } from './store-gate.ts'
import { type BlockListener, VerifiedBlockstore } from './verified-blockstore.ts'

export type { BlockNode } from './block-node.ts'

export type BlockNodeOptions = {
  readonly directory: string
  /** Multiaddrs, e.g. `/ip4/127.0.0.1/tcp/0`. */
  readonly listen: readonly string[]
  /** Loopback only: nothing is listened on or dialed beyond this machine. */
  readonly offline: boolean
  /** Servers that are asked for what no peer sends, in order of preference. None unless given. */
  readonly sources?: readonly BlockSourceOptions[]
  readonly onDamagedBlock?: BlockListener
  /** See `VerifiedBlockstoreOptions`. */
  readonly onStoredBlock?: BlockListener
  readonly log?: { info(fields: object, message: string): void }
}

const STOP_TIMEOUT_MS = 10_000

/** With fallback routers alone, or none, looking for providers waits for ever; an empty plain one ends it. */
const NO_PROVIDERS = {
  name: 'none',
  async *findProviders() {},
}

/** @throws AppError CONFIG_INVALID when an offline node is to listen beyond loopback, STORAGE_CORRUPT. */
export async function openBlockNode(options: BlockNodeOptions): Promise<BlockNode> {
  const { directory, listen, offline, log } = options
  const beyond = offline ? listen.find(address => !isLoopbackAddress(address)) : undefined
  if (beyond !== undefined) throw new AppError('CONFIG_INVALID', { field: 'listen', address: beyond })

  const store = await openStore(options)
  const privateKey = await loadIdentity(directory)
  const pins = await openPinSet(directory)
  const helia = await startHelia(store, libp2pOptions({ privateKey, listen, offline }))
  const { libp2p } = helia
  const stopping = new AbortController()
  const sources = (options.sources ?? []).map(each => createBlockSource(each, { clock: systemClock }))
  log?.info({ peerId: libp2p.peerId.toString(), directory, offline }, 'block node started')

  return {
    peerId: libp2p.peerId.toString(),
    addresses: libp2p.getMultiaddrs().map(String),
    blocks: createBlockStore(store, { helia, sources, stopping: stopping.signal, clock: systemClock }),
    pins,
    gate: createStoreGate(),
    async state() {
      if (helia.status !== 'started' || libp2p.status !== 'started') return 'stopped'
      return (await store.isUsable()) ? 'running' : 'failing'
    },
    peers: () => libp2p.getPeers().map(String),
    sources: () => sources.map(each => each.state()),
    dial: (address, { signal } = {}) => dialPeer(libp2p, { address, offline, signal }),
    async [Symbol.asyncDispose]() {
      if (stopping.signal.aborted) return
      stopping.abort(new AppError('NODE_STOPPING'))
      for (const source of sources) source[Symbol.dispose]()
      await Promise.race([helia.stop(), sleep(STOP_TIMEOUT_MS, undefined, { ref: false })])
    },
  }
}

async function openStore(options: BlockNodeOptions): Promise<VerifiedBlockstore> {
  const store = new VerifiedBlockstore(options)
  await store.open()
  return store
}

async function startHelia(blockstore: VerifiedBlockstore, network: ReturnType<typeof libp2pOptions>) {
  const light = createHeliaLight({ blockstore, routers: [NO_PROVIDERS] })
  const helia = withBitswap(withLibp2pLight(light, network))
  await helia.start()
  return helia
}
