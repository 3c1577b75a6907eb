/** Asks one JSON-RPC endpoint: every request has a time limit, a size limit and a bounded number of retries. */

import { setTimeout as delay } from 'node:timers/promises'
import { HttpRequestError, http, TimeoutError } from 'viem'
import { AppError } from '../base/app-error.ts'
import { backoffMs } from '../base/backoff.ts'
import { limitIn } from './log-range.ts'

/** Reasons of RPC_UNAVAILABLE. */
export const NO_ANSWER_IN_TIME = 'no answer in time'
export const NO_CONNECTION = 'no connection'

export type RpcClientOptions = {
  readonly url: string
  /** For one attempt, from connecting to the last byte of the answer. */
  readonly timeoutMs: number
  /** Attempts after the first. */
  readonly retries?: number
  readonly maxResponseBytes?: number
  /** Told of each attempt: `failed` got no answer. */
  readonly onAttempt?: (method: string, outcome: AttemptOutcome, ms: number) => void
}

export type AttemptOutcome = RpcAnswer['kind'] | 'failed'

/** What the endpoint itself answered; `error` is JSON-RPC's error object (jsonrpc.org/specification, 5.1). */
export type RpcAnswer =
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'error'; readonly code: number; readonly message: string; readonly data: unknown }

/** @throws when the result is not what was asked for; with several endpoints another one is asked then. */
export type CheckResult = (value: unknown) => void

export type RpcClient = {
  /** @throws AppError RPC_UNAVAILABLE {method, reason} when no answer came; or what `check` throws. */
  ask(method: string, params?: readonly unknown[], check?: CheckResult): Promise<RpcAnswer>
  /** @throws AppError RPC_UNAVAILABLE also when the endpoint answers with an error. */
  request(method: string, params?: readonly unknown[], check?: CheckResult): Promise<unknown>
  /** Ends what is under way; later requests fail. */
  [Symbol.dispose](): void
}

/** Enough for the logs of a full range; a larger answer is refused, and the range gets smaller. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024
const RETRY = { baseMs: 100, maxMs: 2_000 } as const

export function createRpcClient(options: RpcClientOptions): RpcClient {
  const hideSecrets = secretsHider(options.url)
  const { url, timeoutMs, retries = 2, maxResponseBytes = MAX_RESPONSE_BYTES } = options
  const closing = new AbortController()
  const transport = http(url, { raw: true, retryCount: 0, timeout: timeoutMs, maxResponseBodySize: maxResponseBytes })(
    {},
  )

  async function attempt(method: string, params: readonly unknown[]): Promise<RpcAnswer> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)])
    const startedAt = performance.now()
    let outcome: AttemptOutcome = 'failed'
    try {
      const answer = parseAnswer(await transport.request({ method, params }, { signal, retryCount: 0 }))
      outcome = answer.kind
      return answer.kind === 'error' ? { ...answer, message: hideSecrets(answer.message) } : answer
    } finally {
      options.onAttempt?.(method, outcome, performance.now() - startedAt)
    }
  }

  async function attemptAgain(method: string, params: readonly unknown[]): Promise<RpcAnswer> {
    for (let failures = 1; ; failures += 1) {
      try {
        const answer = await attempt(method, params)
        if (!isBusy(answer) || failures > retries) return answer
      } catch (error) {
        // viem's error is no cause of ours: its text has the whole address in it.
        if (closing.signal.aborted || failures > retries || !isTransient(error))
          throw new AppError('RPC_UNAVAILABLE', { method, reason: reasonOf(error) })
      }
      await delay(backoffMs(failures, RETRY))
    }
  }

  async function ask(method: string, params: readonly unknown[] = [], check?: CheckResult): Promise<RpcAnswer> {
    const answer = await attemptAgain(method, params)
    if (answer.kind === 'result') check?.(answer.value)
    return answer
  }

  return {
    ask,
    request: async (method, params, check) => resultOf(method, await ask(method, params, check)),
    [Symbol.dispose]: () => closing.abort(),
  }
}

/** @throws AppError RPC_UNAVAILABLE {method, reason} when it is an error. */
export function resultOf(method: string, answer: RpcAnswer): unknown {
  if (answer.kind === 'error') throw new AppError('RPC_UNAVAILABLE', { method, reason: answer.message })
  return answer.value
}

/** Shorter parts of an address are words, not keys. */
const MIN_SECRET_LENGTH = 8

/** Some providers repeat the key in what they say. */
function secretsHider(url: string): (text: string) => string {
  const { username, password, pathname, searchParams } = new URL(url)
  const parts = [username, password, ...pathname.split('/'), ...searchParams.values()]
  const secrets = parts.filter(part => part.length >= MIN_SECRET_LENGTH)
  return text => secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text)
}

function parseAnswer(answer: unknown): RpcAnswer {
  if (typeof answer !== 'object' || answer === null) throw new Error('the endpoint does not speak JSON-RPC')
  if ('error' in answer && typeof answer.error === 'object' && answer.error !== null) {
    const { code, message, data } = answer.error as { code?: unknown; message?: unknown; data?: unknown } // read below
    return { kind: 'error', code: Number(code), message: String(message), data }
  }
  if (!('result' in answer) || answer.result === undefined) throw new Error('the endpoint does not speak JSON-RPC')
  return { kind: 'result', value: answer.result }
}

/** Rate limits that come as JSON-RPC errors: EIP-1474's "limit exceeded" and the codes that providers made up. */
const BUSY_CODES: ReadonlySet<number> = new Set([-32005, -32007, 429])

/** The same codes are also used for a range of logs that is too wide: asking again would not help there. */
export const isBusy = (answer: RpcAnswer): boolean =>
  answer.kind === 'error' && BUSY_CODES.has(answer.code) && limitIn(answer.message) === undefined

function isTransient(error: unknown): boolean {
  if (error instanceof TimeoutError) return true
  if (error instanceof HttpRequestError)
    return error.status === undefined || error.status === 408 || error.status === 429 || error.status >= 500
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')
}

/** Without the URL: it may hold an API key. */
function reasonOf(error: unknown): string {
  if (error instanceof HttpRequestError) return error.status === undefined ? NO_CONNECTION : `HTTP ${error.status}`
  if (error instanceof Error) return isTransient(error) ? NO_ANSWER_IN_TIME : error.name
  return 'unknown'
}
