/**
 * Several JSON-RPC endpoints as one client: asks the healthiest that is not behind, the next one when no answer comes, and believes
 * nothing that only one endpoint says while others agree on something else.
 */

import { toHex } from 'viem'
import { AppError, isAppError } from '../base/app-error.ts'
import { backoffMs } from '../base/backoff.ts'
import type { BreakerState } from '../base/circuit-breaker.ts'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../telemetry/log.ts'
import { type Answered, createLogsQuestion } from './ask-logs.ts'
import { askWhoKnows } from './ask-who-knows.ts'
import { createHeadComparison, type Standing } from './compare-heads.ts'
import { judgeQuorum, type Quorum } from './judge-quorum.ts'
import { limitIn } from './log-range.ts'
import { nameEndpoints } from './name-endpoints.ts'
import { rankEndpoints } from './rank-endpoints.ts'
import { type CheckResult, type RpcAnswer, type RpcClient, type RpcClientOptions, resultOf } from './rpc-client.ts'
import { createRpcEndpoint, type EndpointFailures, type RpcEndpoint } from './rpc-endpoint.ts'
import type { RpcFailure } from './rpc-failure.ts'
import { isHeadQuestion, isOwnFault } from './rpc-questions.ts'
import { sendToAll } from './send-to-all.ts'

export type RpcPoolOptions = {
  /** In order of preference, 1 to `MAX_ENDPOINTS`. */
  readonly urls: readonly string[]
  /** An endpoint that serves another chain is asked for nothing but, now and then, its chain. */
  readonly chainId: number
  /** For one attempt at one endpoint. */
  readonly timeoutMs: number
  readonly maxResponseBytes?: number
  /** Further behind the best, an endpoint is not asked for heads or logs. */
  readonly maxLagBlocks?: number
  /** With several endpoints, heads are compared no more often than this. */
  readonly compareMs?: number
  readonly onAttempt?: NonNullable<RpcClientOptions['onAttempt']>
  /** Told of each request that an endpoint failed. @param host as in `EndpointState` */
  readonly onFailure?: (host: string, failure: RpcFailure) => void
}

export type EndpointState = {
  /** Nothing of the address that may be secret; each endpoint's is its own. */
  readonly host: string
  /** `out`: it serves another chain. */
  readonly standing: Standing | 'out'
  readonly breaker: BreakerState
  readonly latencyMs: number | undefined
  readonly failures: EndpointFailures
  /** Its newest block; with one endpoint alone the chain watcher knows it. */
  readonly head: number | undefined
}

export type RpcPool = RpcClient & {
  /** In order of preference. */
  state(): readonly EndpointState[]
  quorum(): Quorum
  /** Somebody says that there is a new block: the next question for the head compares anew. */
  expectHead(): void
}

export const MAX_ENDPOINTS = 8
/** Times that all of them are tried. */
const ROUNDS = 3
const RETRY = { baseMs: 100, maxMs: 2_000 } as const
/** Requests under way at once; beyond it is refused, so that nothing piles up behind a chain that hangs. */
const MAX_REQUESTS = 1_024

export function createRpcPool(
  options: RpcPoolOptions,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): RpcPool {
  const { urls, timeoutMs, maxLagBlocks = 3, compareMs = 500 } = options
  if (urls.length < 1 || urls.length > MAX_ENDPOINTS)
    throw new AppError('CONFIG_INVALID', { name: 'rpcUrl', count: urls.length })
  const names = nameEndpoints(urls)
  const endpoints = urls.map((url, at) => createRpcEndpoint({ ...options, url, name: names[at] ?? '' }, { clock, log }))
  const isAlone = endpoints.length === 1
  const heads = createHeadComparison(endpoints, { maxLagBlocks, clock, log })
  const closing = new AbortController()
  let requests = 0
  let comparedAtMs = Number.NEGATIVE_INFINITY
  let comparing: Promise<void> | undefined
  /** Somebody told of a head since the last comparison began. */
  let isHeadExpected = false

  async function compare(): Promise<void> {
    isHeadExpected = comparing !== undefined && isHeadExpected
    comparing ??= heads.compare().finally(() => {
      comparedAtMs = clock.elapsedMs()
      comparing = undefined
    })
    await comparing
  }

  /** Best first. `disputed` is never asked. @param isOfHead also leaves out who may not know the newest blocks. */
  function candidates(isOfHead: boolean): RpcEndpoint[] {
    if (isAlone) return endpoints.filter(endpoint => endpoint.isUsable())
    const ranked = rankEndpoints(endpoints, heads.standingOf)
    return isOfHead ? ranked.filter(endpoint => heads.standingOf(endpoint) === 'good') : ranked
  }

  const nobody = (method: string): AppError => {
    const actual = endpoints.map(endpoint => endpoint.wrongChainId())
    return actual.includes(undefined)
      ? new AppError('RPC_UNAVAILABLE', { method, reason: 'no endpoint can be asked now' })
      : new AppError('CHAIN_ID_MISMATCH', { expected: options.chainId, actual: actual[0] })
  }

  /** Again and again with pauses, until `attempt` has it or there were enough. */
  async function inRounds<T>(method: string, attempt: () => Promise<T>): Promise<T> {
    const untilMs = clock.elapsedMs() + ROUNDS * timeoutMs
    for (let round = 1; ; round += 1) {
      try {
        return await attempt()
      } catch (error) {
        if (!isAppError(error, 'RPC_UNAVAILABLE') || round === ROUNDS || closing.signal.aborted) throw error
        if (limitIn(String(error.data.reason)) !== undefined) throw error // it was too much, and would be again
        if (clock.elapsedMs() >= untilMs || !endpoints.some(endpoint => endpoint.isUsable())) throw error
      }
      await clock.sleep(backoffMs(round, RETRY), closing.signal).catch(() => undefined) // `attempt` fails then
      if (closing.signal.aborted) throw new AppError('RPC_UNAVAILABLE', { method, reason: 'the node is stopping' })
    }
  }

  /** @throws what the last one failed with, when none answers. */
  async function askInTurn(
    method: string,
    params: readonly unknown[],
    check: CheckResult | undefined,
    isOfHead: boolean,
  ): Promise<Answered> {
    let failure: unknown
    let refusal: Answered | undefined
    for (const endpoint of candidates(isOfHead)) {
      try {
        const answered = { endpoint, answer: await endpoint.ask(method, params, check) }
        if (isAlone || !isOwnFault(method, answered.answer)) return answered
        refusal ??= answered
      } catch (error) {
        if (!isAppError(error, 'CHAIN_ID_MISMATCH')) failure = error // else it is out, and the others are asked
      }
    }
    if (refusal !== undefined) return refusal
    throw failure ?? nobody(method)
  }

  const askLogs = createLogsQuestion({ askInTurn, candidates: () => candidates(true), log })

  /** The head of the best endpoint, of which the next questions will be asked too. */
  async function askHead(method: string): Promise<RpcAnswer> {
    if (isHeadExpected || clock.elapsedMs() - comparedAtMs >= compareMs) await compare()
    const [best] = candidates(true)
    if (best === undefined) throw nobody(method)
    const value = method === 'eth_blockNumber' ? toHex(heads.headOf(best)?.number ?? 0) : heads.blockOf(best)
    return { kind: 'result', value }
  }

  async function route(method: string, params: readonly unknown[], check?: CheckResult): Promise<RpcAnswer> {
    if (method === 'eth_sendRawTransaction') return inRounds(method, () => sendToAll(endpoints, params, nobody(method)))
    if (!isAlone && comparedAtMs === Number.NEGATIVE_INFINITY) await compare()
    if (!isAlone && isHeadQuestion(method, params)) {
      const answer = await inRounds(method, () => askHead(method))
      if (answer.kind === 'result') check?.(answer.value)
      return answer
    }
    if (!isAlone && method === 'eth_getTransactionByHash')
      return inRounds(method, () =>
        askWhoKnows(candidates(false), { method, params, check }, { clock, nobody: nobody(method) }),
      )
    if (!isAlone && method === 'eth_getLogs') return inRounds(method, () => askLogs(params, check))
    return inRounds(method, async () => (await askInTurn(method, params, check, false)).answer)
  }

  async function ask(method: string, params: readonly unknown[] = [], check?: CheckResult): Promise<RpcAnswer> {
    if (requests >= MAX_REQUESTS)
      throw new AppError('RPC_UNAVAILABLE', { method, reason: 'too many requests are under way' })
    requests += 1
    try {
      return await route(method, params, check)
    } finally {
      requests -= 1
    }
  }

  /** Nobody compares the head of one alone: it is good as long as it answers. */
  function standingOf(endpoint: RpcEndpoint): EndpointState['standing'] {
    if (endpoint.wrongChainId() !== undefined) return 'out'
    if (!isAlone) return heads.standingOf(endpoint)
    return endpoint.latencyMs() !== undefined && endpoint.failures().inARow === 0 ? 'good' : 'silent'
  }

  const state = (): EndpointState[] =>
    endpoints.map(endpoint => ({
      host: endpoint.host,
      standing: standingOf(endpoint),
      breaker: endpoint.breaker(),
      latencyMs: endpoint.latencyMs(),
      failures: endpoint.failures(),
      head: heads.headOf(endpoint)?.number,
    }))

  return {
    ask,
    request: async (method, params, check) => resultOf(method, await ask(method, params, check)),
    state,
    quorum: () => judgeQuorum(state()),
    expectHead() {
      isHeadExpected = true
    },
    [Symbol.dispose]() {
      closing.abort()
      for (const endpoint of endpoints) endpoint[Symbol.dispose]()
    },
  }
}
