/** One endpoint of a pool: asked through its breaker, and for nothing before it said that it serves the right chain. */

import { AppError, isAppError } from '../base/app-error.ts'
import { type BreakerOptions, type BreakerState, createCircuitBreaker } from '../base/circuit-breaker.ts'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../telemetry/log.ts'
import {
  type CheckResult,
  createRpcClient,
  isBusy,
  type RpcAnswer,
  type RpcClientOptions,
  resultOf,
} from './rpc-client.ts'
import { BUSY, failureOf, type RpcFailure } from './rpc-failure.ts'
import * as shapes from './rpc-shapes.ts'

export type RpcEndpointOptions = {
  readonly url: string
  /** Shown in place of the address, which may hold a key. */
  readonly name: string
  readonly chainId: number
  /** For one request. */
  readonly timeoutMs: number
  readonly maxResponseBytes?: number
  readonly onAttempt?: NonNullable<RpcClientOptions['onAttempt']>
  readonly onFailure?: ((host: string, failure: RpcFailure) => void) | undefined
}
type Deps = { readonly clock: Clock; readonly log: Log }

/** Requests that failed, since the start and in a row. */
export type EndpointFailures = {
  readonly total: number
  readonly inARow: number
  readonly last: { readonly failure: RpcFailure; readonly atMs: number } | undefined
}

export type RpcEndpoint = Disposable & {
  /** All of the address that may be shown, and unlike the others' in its pool. */
  readonly host: string
  /** @throws AppError RPC_UNAVAILABLE · CHAIN_ID_MISMATCH, or what `check` throws; each counts against it. */
  ask(method: string, params: readonly unknown[], check?: CheckResult): Promise<RpcAnswer>
  /** False for a while when it kept failing, and for longer when it served another chain. */
  isUsable(): boolean
  /** Of another chain that it served when it was asked last. */
  wrongChainId(): number | undefined
  breaker(): BreakerState
  /** How long an answer takes, newer ones counting more; undefined before the first. */
  latencyMs(): number | undefined
  failures(): EndpointFailures
}

const BREAKER = { maxFailures: 3, openMs: 500, maxOpenMs: 5_000 } as const satisfies Partial<BreakerOptions>
/** An endpoint of another chain is asked for its chain again after so long: somebody may have mended it. A guess. */
const OUT_MS = 60_000
/** Weight of the newest answer in the latency. A guess. */
const NEWEST = 0.2

export function createRpcEndpoint(options: RpcEndpointOptions, { clock, log }: Deps): RpcEndpoint {
  const { name: host, chainId, timeoutMs } = options
  const client = createRpcClient({ ...options, retries: 0 })
  // A probe may have to ask for the chain id first.
  const breaker = createCircuitBreaker({ ...BREAKER, probeMs: 2 * timeoutMs }, { clock })
  let failures: EndpointFailures = { total: 0, inARow: 0, last: undefined }
  let latencyMs: number | undefined
  let wrongChain: { readonly id: number; readonly seenAtMs: number } | undefined
  /** Forgotten with each failure: whatever comes back there may serve another chain. */
  let verification: Promise<void> | undefined

  async function verify(): Promise<void> {
    const check: CheckResult = value => void shapes.parseAnswer(shapes.count, value, 'eth_chainId')
    const actual = Number(resultOf('eth_chainId', await client.ask('eth_chainId', [], check)))
    if (actual !== chainId && actual !== wrongChain?.id)
      log.error('rpc_endpoint_out', { host, reason: 'it serves another chain', expected: chainId, actual })
    wrongChain = actual === chainId ? undefined : { id: actual, seenAtMs: clock.elapsedMs() }
    if (actual !== chainId) throw mismatch(actual)
  }

  const isOut = (): boolean => wrongChain !== undefined && clock.elapsedMs() - wrongChain.seenAtMs < OUT_MS
  const mismatch = (actual: number): AppError => new AppError('CHAIN_ID_MISMATCH', { expected: chainId, actual, host })

  async function askVerified(method: string, params: readonly unknown[], check?: CheckResult): Promise<RpcAnswer> {
    verification ??= verify()
    await verification
    const startedMs = clock.elapsedMs()
    const answer = await client.ask(method, params, check)
    if (answer.kind === 'error' && isBusy(answer))
      throw new AppError('RPC_UNAVAILABLE', { method, reason: answer.message, kind: BUSY })
    if (wrongChain !== undefined) throw mismatch(wrongChain.id)
    const tookMs = clock.elapsedMs() - startedMs
    latencyMs = latencyMs === undefined ? tookMs : latencyMs * (1 - NEWEST) + tookMs * NEWEST
    return answer
  }

  function noteFailure(failure: RpcFailure): void {
    failures = { total: failures.total + 1, inARow: failures.inARow + 1, last: { failure, atMs: clock.now() } }
    options.onFailure?.(host, failure)
  }

  return {
    host,
    async ask(method, params, check) {
      if (wrongChain !== undefined && isOut()) throw mismatch(wrongChain.id)
      const pass = breaker.enter()
      if (pass === undefined) throw new AppError('RPC_UNAVAILABLE', { method, reason: 'it failed too often', host })
      try {
        const answer = await askVerified(method, params, check)
        breaker.report(pass, true)
        if (failures.inARow > 0) failures = { ...failures, inARow: 0 }
        return answer
      } catch (error) {
        verification = undefined
        breaker.report(pass, false)
        noteFailure(failureOf(error))
        log.debug('rpc_request_failed', { host, method, reason: isAppError(error) ? error.data.reason : 'unusable' })
        throw error
      }
    },
    isUsable: () => !isOut() && breaker.isPassable(),
    wrongChainId: () => wrongChain?.id,
    breaker: () => breaker.state(),
    latencyMs: () => latencyMs,
    failures: () => failures,
    [Symbol.dispose]: () => client[Symbol.dispose](),
  }
}
