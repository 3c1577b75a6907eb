/** Asks several endpoints for what only some may know yet: it is unknown when none that answers in time knows it. */

import type { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { CheckResult, RpcAnswer } from './rpc-client.ts'
import type { RpcEndpoint } from './rpc-endpoint.ts'

type Question = {
  readonly method: string
  readonly params: readonly unknown[]
  readonly check: CheckResult | undefined
}
type Deps = {
  readonly clock: Clock
  /** When there is none to ask. */
  readonly nobody: AppError
}

/** How long others may keep one waiting that has answered. A guess: several times what a good endpoint takes. */
const PATIENCE_MS = 1_000

/**
 * @returns the first answer that is not null; null when nobody said more within the patience; an error only when there is nothing else.
 * @throws AppError `nobody` · RPC_UNAVAILABLE when none answers.
 */
export async function askWhoKnows(
  endpoints: readonly Pick<RpcEndpoint, 'isUsable' | 'ask'>[],
  { method, params, check }: Question,
  { clock, nobody }: Deps,
): Promise<RpcAnswer> {
  const asked = endpoints.filter(endpoint => endpoint.isUsable()).map(each => each.ask(method, params, check))
  if (asked.length === 0) throw nobody
  const known = Promise.any(asked.map(answer => thatKnows(answer, nobody))).catch(() => undefined)
  const first = await Promise.any(asked.map(answer => thatAnswers(answer, nobody))).catch(() => anyOf(asked))
  const waiting = new AbortController()
  const patience = clock.sleep(PATIENCE_MS, waiting.signal).catch(() => undefined)
  const answer = await Promise.race([known, patience])
  waiting.abort()
  return answer ?? first
}

async function thatAnswers(answering: Promise<RpcAnswer>, otherwise: AppError): Promise<RpcAnswer> {
  const answer = await answering
  if (answer.kind === 'result') return answer
  throw otherwise
}

const anyOf = (asked: readonly Promise<RpcAnswer>[]): Promise<RpcAnswer> =>
  Promise.any(asked).catch((error: unknown) => {
    throw error instanceof AggregateError ? error.errors[0] : error
  })

async function thatKnows(answering: Promise<RpcAnswer>, otherwise: AppError): Promise<RpcAnswer> {
  const answer = await answering
  if (answer.kind === 'result' && answer.value !== null) return answer
  throw otherwise
}
