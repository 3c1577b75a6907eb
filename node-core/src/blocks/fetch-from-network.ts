/** Gets one block that is not here: from connected peers, and from HTTP sources when these fail or let one wait. */

import type { CID } from 'multiformats/cid'
import { AppError, isAppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { BlockSource } from './block-source.ts'
import { type FetchAttempt, fetchBlockFromPeers, type PeerFetchDeps, type PeerFetchOptions } from './fetch-block.ts'
import { fetchFromSources } from './fetch-from-sources.ts'

export type NetworkFetchDeps = PeerFetchDeps & {
  readonly sources: readonly BlockSource[]
  /** Stores what came from a source, which also ends the peers' search for it. */
  readonly keep: (cid: CID, bytes: Uint8Array) => Promise<void>
  readonly clock: Clock
}

/** Peers are nearer and cost nobody anything. A guess. */
const HEAD_START_MS = 1_000

/**
 * @throws AppError IPFS_FETCH_FAILED, IPFS_TIMEOUT, both with {blockCid, gateway, reason, attempts}; what `keep` throws; the signal's
 *   reason when the caller gave up.
 */
export async function fetchBlockFromNetwork(
  deps: NetworkFetchDeps,
  cid: CID,
  options: PeerFetchOptions,
): Promise<Uint8Array> {
  const { sources, keep, clock } = deps
  const { signal, timeoutMs } = options
  if (sources.length === 0) return fetchBlockFromPeers(deps, cid, options)
  const done = new AbortController()
  const unneeded = AbortSignal.any([signal, done.signal])
  const timeout = AbortSignal.timeout(timeoutMs)
  const fromPeers = fetchBlockFromPeers(deps, cid, { ...options, signal: unneeded })

  async function fromServers(): Promise<Uint8Array> {
    await Promise.race([fromPeers, clock.sleep(HEAD_START_MS, unneeded)]).catch(() => undefined)
    const { bytes } = await fetchFromSources(sources, cid, { signal: AbortSignal.any([unneeded, timeout]), clock })
    await keep(cid, bytes)
    return bytes
  }

  try {
    return await Promise.any([fromPeers, fromServers()])
  } catch (error) {
    signal.throwIfAborted()
    throw merged(cid, error instanceof AggregateError ? error.errors : [error], timeout.aborted)
  } finally {
    done.abort()
  }
}

/** What all of them said, in one error. */
function merged(cid: CID, errors: readonly unknown[], isTimedOut: boolean): unknown {
  const foreign = errors.find(error => !isFetchError(error) && !isTimeout(error))
  if (foreign !== undefined) return foreign // the disk's, or a mistake of ours
  const attempts = errors.flatMap(attemptsOf)
  const last = attempts.at(-1)
  const data = { blockCid: cid.toString(), gateway: last?.source ?? null, reason: last?.reason ?? '', attempts }
  return new AppError(isTimedOut ? 'IPFS_TIMEOUT' : 'IPFS_FETCH_FAILED', data, { cause: errors[0] })
}

const isFetchError = (error: unknown): error is AppError =>
  isAppError(error, 'IPFS_FETCH_FAILED') || isAppError(error, 'IPFS_TIMEOUT')
const isTimeout = (error: unknown): boolean => error instanceof DOMException && error.name === 'TimeoutError'

function attemptsOf(error: unknown): readonly FetchAttempt[] {
  if (isFetchError(error)) return error.data.attempts as readonly FetchAttempt[] // as this folder's errors have them
  return [{ source: 'gateways', code: 'IPFS_TIMEOUT', reason: 'none answered in time' }]
}
