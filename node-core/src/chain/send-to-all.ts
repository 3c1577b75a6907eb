/** Sends a signed transaction to every endpoint that can be asked: it is on its way once one of them took it. */

import type { AppError } from '../base/app-error.ts'
import { classifyRefusal } from './classify-refusal.ts'
import type { RpcAnswer } from './rpc-client.ts'
import type { RpcEndpoint } from './rpc-endpoint.ts'

/**
 * @returns the first acceptance; without one the refusal that says most. The others go on being told in the background.
 * @throws AppError `nobody` when there is none to ask, or what an endpoint failed with when none answers.
 */
export async function sendToAll(
  endpoints: readonly Pick<RpcEndpoint, 'isUsable' | 'ask'>[],
  params: readonly unknown[],
  nobody: AppError,
): Promise<RpcAnswer> {
  const refusals: RpcAnswer[] = []
  const acceptances = endpoints
    .filter(endpoint => endpoint.isUsable())
    .map(async endpoint => {
      const answer = await endpoint.ask('eth_sendRawTransaction', params)
      if (weightOf(answer) === ACCEPTED) return answer
      refusals.push(answer)
      throw nobody
    })
  if (acceptances.length === 0) throw nobody
  try {
    return await Promise.any(acceptances)
  } catch (error) {
    const [refusal] = refusals.toSorted((a, b) => weightOf(a) - weightOf(b))
    if (refusal !== undefined) return refusal
    throw error instanceof AggregateError ? (error.errors[0] ?? nobody) : error
  }
}

const ACCEPTED = 0
const WEIGHTS = { accepted: ACCEPTED, nonceTaken: 1, refused: 2 } as const
const UNJUDGED = 3

function weightOf(answer: RpcAnswer): number {
  if (answer.kind === 'result') return ACCEPTED
  try {
    return WEIGHTS[classifyRefusal(answer).kind]
  } catch {
    return UNJUDGED // the endpoint could not say
  }
}
