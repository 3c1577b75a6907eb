/** Connects to one peer by its address, in bounded time; an offline node reaches loopback only. */

import type { Libp2p } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { AppError } from '../base/app-error.ts'
import { isLoopbackAddress } from './libp2p-options.ts'

const DIAL_TIMEOUT_MS = 10_000

export type DialOptions = {
  readonly address: string
  readonly offline: boolean
  readonly signal?: AbortSignal | undefined
}

/** @throws AppError VALIDATION_ERROR, PEER_UNREACHABLE; the signal's reason when the caller gave up. */
export async function dialPeer(libp2p: Pick<Libp2p, 'dial'>, options: DialOptions): Promise<void> {
  const { address, offline, signal } = options
  const target = parseAddress(address)
  if (offline && !isLoopbackAddress(address)) throw invalidAddress(address)
  const timeout = AbortSignal.timeout(DIAL_TIMEOUT_MS)
  try {
    await libp2p.dial(target, { signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) })
  } catch (cause) {
    signal?.throwIfAborted()
    throw new AppError('PEER_UNREACHABLE', { address }, { cause })
  }
}

function parseAddress(address: string) {
  try {
    return multiaddr(address)
  } catch (cause) {
    throw invalidAddress(address, cause)
  }
}

function invalidAddress(address: string, cause?: unknown): AppError {
  return new AppError('VALIDATION_ERROR', { field: 'address', address }, { cause })
}
