/** One HTTP server that may have blocks: how it is asked, how it has been doing, and whether it is worth asking now. */

import type { CID } from 'multiformats/cid'
import { createCircuitBreaker } from '../base/circuit-breaker.ts'
import type { Clock } from '../base/clock.ts'
import { BlockRefused, type BlockRequest, createBlockRequester } from './request-block.ts'

/**
 * `gateway`: a trustless gateway (https://specs.ipfs.tech/http-gateways/trustless-gateway/). `kubo`: the RPC of a Kubo node
 * (https://docs.ipfs.tech/reference/kubo/rpc/#api-v0-block-get).
 */
export type BlockSourceKind = 'gateway' | 'kubo'
export type BlockSourceOptions = {
  readonly kind: BlockSourceKind
  /** A path and a query in it are kept: some gateways want a token there. */
  readonly url: string
  /** For one block. */
  readonly timeoutMs?: number
  /** Whether it may be on this machine or its network. */
  readonly isLocalAllowed: boolean
}
export type BlockSourceState = {
  readonly name: string
  readonly kind: BlockSourceKind
  /** `left`: it failed, lied or was busy, and is not asked for a while. */
  readonly standing: 'unknown' | 'good' | 'left'
  /** Of a block that came, newer ones counting more; undefined before the first. */
  readonly latencyMs: number | undefined
  /** Of its last answers, newer ones counting more: 1 when all were blocks. */
  readonly successShare: number
  readonly lastRefusal: string | undefined
}
export type BlockSource = Disposable & {
  /** Its origin: the rest of the address may be secret. */
  readonly name: string
  /** @throws BlockRefused; the signal's reason when the caller gave up. */
  fetch(cid: CID, signal: AbortSignal): Promise<Uint8Array>
  isUsable(): boolean
  /** What a block from it costs in time, vain attempts counted in; 0 while nothing is known. */
  expectedMs(): number
  state(): BlockSourceState
}

const TIMEOUT_MS = 15_000
const MAX_CONNECTIONS = 8
const BREAKER = { maxFailures: 3, openMs: 1_000, maxOpenMs: 300_000 } as const
/** Whoever sent other bytes than those asked for is broken or hostile, and will hardly be better in a minute. A guess. */
const LYING_MS = 600_000
const BUSY_MS = 5_000
const MAX_BUSY_MS = 300_000
/** Weight of the newest answer. A guess. */
const NEWEST = 0.3
/** Keeps one that never had anything from costing infinitely much. */
const LEAST_SHARE = 0.02

export function createBlockSource(options: BlockSourceOptions, { clock }: { readonly clock: Clock }): BlockSource {
  const { kind, isLocalAllowed, timeoutMs = TIMEOUT_MS } = options
  const base = new URL(options.url)
  const requester = createBlockRequester({ maxConnections: MAX_CONNECTIONS, isLocalAllowed })
  const breaker = createCircuitBreaker({ ...BREAKER, probeMs: 2 * timeoutMs }, { clock })
  let leftUntilMs = 0
  let latencyMs: number | undefined
  let successShare = 1
  let lastRefusal: string | undefined

  function note(isSuccess: boolean): void {
    successShare = successShare * (1 - NEWEST) + (isSuccess ? NEWEST : 0)
  }

  const leave = (ms: number): void => {
    leftUntilMs = Math.max(leftUntilMs, clock.elapsedMs() + ms)
  }

  function blame(error: BlockRefused): void {
    note(false)
    lastRefusal = error.message
    if (error.blame === 'lying') leave(LYING_MS)
    if (error.blame === 'busy') leave(Math.min(MAX_BUSY_MS, error.retryAfterMs ?? BUSY_MS))
  }

  async function ask(cid: CID, signal: AbortSignal): Promise<Uint8Array> {
    const startedMs = clock.elapsedMs()
    const bytes = await requester.request({ ...requestOf(kind, base, cid), cid, timeoutMs, signal })
    const tookMs = clock.elapsedMs() - startedMs
    latencyMs = latencyMs === undefined ? tookMs : latencyMs * (1 - NEWEST) + tookMs * NEWEST
    note(true)
    return bytes
  }

  const isLeft = (): boolean => clock.elapsedMs() < leftUntilMs || !breaker.isPassable()

  return {
    name: base.origin,
    async fetch(cid, signal) {
      const pass = clock.elapsedMs() < leftUntilMs ? undefined : breaker.enter()
      if (pass === undefined) throw new BlockRefused('IPFS_FETCH_FAILED', 'busy', `left alone: ${lastRefusal}`)
      const startedMs = clock.elapsedMs()
      try {
        const bytes = await ask(cid, signal)
        breaker.report(pass, true)
        return bytes
      } catch (error) {
        if (error instanceof BlockRefused) {
          breaker.report(pass, error.blame !== 'failing')
          blame(error)
        } else latencyMs = Math.max(latencyMs ?? 0, clock.elapsedMs() - startedMs) // given up, mostly for another's answer
        throw error
      }
    },
    isUsable: () => !isLeft(),
    expectedMs: () => (latencyMs ?? (successShare === 1 ? 0 : timeoutMs)) / Math.max(LEAST_SHARE, successShare),
    state: () => ({
      ...{ name: base.origin, kind, latencyMs, successShare, lastRefusal },
      standing: isLeft() ? 'left' : latencyMs === undefined ? 'unknown' : 'good',
    }),
    [Symbol.dispose]: () => requester[Symbol.dispose](),
  }
}

function requestOf(kind: BlockSourceKind, base: URL, cid: CID): Pick<BlockRequest, 'method' | 'url'> {
  const url = new URL(base)
  const folder = url.pathname.replace(/\/+$/, '')
  if (kind === 'kubo') {
    url.pathname = `${folder}/api/v0/block/get`
    url.searchParams.set('arg', cid.toString())
    return { method: 'POST', url }
  }
  url.pathname = `${folder}/ipfs/${cid}`
  url.searchParams.set('format', 'raw')
  return { method: 'GET', url }
}
