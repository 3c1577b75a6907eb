/** Keeps the node connected to the peers that it was told of: dialled at the start, and again whenever one is gone. */

import { backoffMs } from '../base/backoff.ts'
import type { Clock } from '../base/clock.ts'
import type { BlockNode } from '../blocks/block-node.ts'
import type { Log } from '../telemetry/log.ts'

type Deps = {
  readonly blocks: Pick<BlockNode, 'peers' | 'dial'>
  readonly clock: Clock
  readonly log: Log
}
export type PeerKeeper = AsyncDisposable & {
  /** Resolves when each was dialled once, connected or not. */
  start(): Promise<void>
}

const LOOK_MS = 5_000
const RETRY = { baseMs: 1_000, maxMs: 60_000 } as const

/** @param addresses multiaddrs, each ending in its peer's id. */
export function createPeerKeeper(addresses: readonly string[], { blocks, clock, log }: Deps): PeerKeeper {
  const stopping = new AbortController()
  const { signal } = stopping
  let ended: Promise<unknown> = Promise.resolve()

  const isConnected = (address: string): boolean => blocks.peers().includes(address.split('/').at(-1) ?? '')

  /** @returns whether it is connected now. Told when that changes, not at each attempt. */
  async function dial(address: string, isFirstFailure: boolean): Promise<boolean> {
    try {
      await blocks.dial(address, { signal })
      log.info('peer_connected', { peer: address })
      return true
    } catch (error) {
      if (!signal.aborted && isFirstFailure) log.warn('peer_unreachable', { peer: address, err: error })
      return false
    }
  }

  async function keep(address: string, failuresBefore: number): Promise<void> {
    for (let failures = failuresBefore; !signal.aborted; ) {
      await clock.sleep(failures === 0 ? LOOK_MS : backoffMs(failures, RETRY), signal).catch(() => undefined)
      if (signal.aborted || isConnected(address)) failures = 0
      else failures = (await dial(address, failures === 0)) ? 0 : failures + 1
    }
  }

  return {
    async start() {
      const connected = await Promise.all(addresses.map(address => dial(address, true)))
      ended = Promise.all(addresses.map((address, at) => keep(address, connected[at] === true ? 0 : 1)))
    },
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await ended
    },
  }
}
