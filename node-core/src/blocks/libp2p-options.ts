/** The network layer, spelled out: TCP, noise, yamux and identify, and nothing that looks for peers by itself. */

import { identify } from '@libp2p/identify'
import type { PrivateKey } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'

export type Libp2pSettings = {
  readonly privateKey: PrivateKey
  readonly listen: readonly string[]
  /** Nothing leaves loopback. */
  readonly offline: boolean
}

const LOOPBACK = /^\/(?:ip4\/127(?:\.\d{1,3}){3}|ip6\/::1)\/tcp\/\d{1,5}(?:\/p2p\/[1-9A-HJ-NP-Za-km-z]+)?$/

/** No DNS name passes, so that nothing is looked up either. */
export function isLoopbackAddress(multiaddr: string): boolean {
  return LOOPBACK.test(multiaddr)
}

export function libp2pOptions({ privateKey, listen, offline }: Libp2pSettings) {
  return {
    privateKey,
    addresses: { listen: [...listen] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify() },
    connectionGater: offline
      ? { denyDialMultiaddr: (address: { toString(): string }) => !isLoopbackAddress(address.toString()) }
      : {},
    // All nodes of a local network share one IP address; the library's five connections a second are per address.
    connectionManager: { inboundConnectionThreshold: 100, maxIncomingPendingConnections: 100 },
    // Its pings keep idle sockets open; a busy machine answers them late, which is no reason to hang up.
    connectionMonitor: { abortConnectionOnPingFailure: false },
  }
}
