/** Gets one block from connected peers by bitswap, verified and stored, or says why not. */

import type { Libp2p, PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import { AppError, type ErrorData } from '../base/app-error.ts'
import type { ErrorCode } from '../contract/error-codes.ts'
import { BITSWAP_PROTOCOL, encodeWantAgain } from './bitswap-want.ts'

/** One source that was asked in vain, and why; stands in `data.attempts` of the error. */
export type FetchAttempt = { readonly source: string; readonly code: ErrorCode; readonly reason: string }

export type PeerFetchDeps = {
  readonly libp2p: Pick<Libp2p, 'getPeers' | 'dialProtocol'>
  /** Asks all connected peers through bitswap and resolves with the verified, stored block; rejects on abort. */
  readonly want: (cid: CID, signal: AbortSignal) => Promise<Uint8Array>
}

export type PeerFetchOptions = {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** The block was here before, so peers may remember having sent it. */
  readonly hadBefore: boolean
}

const TICK_MS = 1_000
const SEND_TIMEOUT_MS = 5_000

/**
 * Fails at once when no peer is connected, and within a second when the last one leaves.
 * @throws AppError IPFS_FETCH_FAILED, IPFS_TIMEOUT; the signal's reason when the caller gave up.
 */
export async function fetchBlockFromPeers(
  deps: PeerFetchDeps,
  cid: CID,
  options: PeerFetchOptions,
): Promise<Uint8Array> {
  options.signal.throwIfAborted()
  if (deps.libp2p.getPeers().length === 0) throw noPeers(cid)
  const timeout = AbortSignal.timeout(options.timeoutMs)
  const peersLeft = new AbortController()
  const signal = AbortSignal.any([options.signal, timeout, peersLeft.signal])
  using _ = remindPeers(deps, cid, options.hadBefore, () => peersLeft.abort())
  try {
    return await deps.want(cid, signal)
  } catch (cause) {
    withdrawWant(deps, cid)
    options.signal.throwIfAborted()
    if (peersLeft.signal.aborted) throw noPeers(cid)
    const code = timeout.aborted ? 'IPFS_TIMEOUT' : 'IPFS_FETCH_FAILED'
    const reason = timeout.aborted ? `no peer sent the block within ${options.timeoutMs} ms` : describe(cause)
    throw new AppError(code, failure(cid, { source: 'bitswap', code, reason }), { cause })
  }
}

/** Repeats the want after 1, 3, 7, 15 … seconds, since a peer may have dropped it; at once when it was here before. */
function remindPeers(deps: PeerFetchDeps, cid: CID, hadBefore: boolean, onNoPeers: () => void): Disposable {
  const message = encodeWantAgain(cid, true)
  if (hadBefore) sendToPeers(deps, message)
  let ticks = 0
  const timer = setInterval(() => {
    if (deps.libp2p.getPeers().length === 0) return onNoPeers()
    ticks += 1
    if (Number.isInteger(Math.log2(ticks + 1))) sendToPeers(deps, message)
  }, TICK_MS)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

function withdrawWant(deps: PeerFetchDeps, cid: CID): void {
  sendToPeers(deps, encodeWantAgain(cid, false))
}

function sendToPeers(deps: PeerFetchDeps, message: Uint8Array): void {
  // A reminder that does not arrive is no failure: the next one follows, and the want itself has its own timeout.
  for (const peer of deps.libp2p.getPeers()) void send(deps, peer, message).catch(() => undefined)
}

async function send({ libp2p }: PeerFetchDeps, peer: PeerId, message: Uint8Array): Promise<void> {
  const signal = AbortSignal.timeout(SEND_TIMEOUT_MS)
  const stream = await libp2p.dialProtocol(peer, BITSWAP_PROTOCOL, { signal })
  stream.send(message)
  await stream.close({ signal })
}

function noPeers(cid: CID): AppError {
  const attempt = { source: 'bitswap', code: 'IPFS_FETCH_FAILED', reason: 'no peer is connected' } as const
  return new AppError('IPFS_FETCH_FAILED', failure(cid, attempt))
}

function failure(cid: CID, attempt: FetchAttempt): ErrorData {
  return { blockCid: cid.toString(), attempts: [attempt] satisfies FetchAttempt[] }
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
