/** The few ways in which a request to an endpoint fails, for counting; what exactly was said stands in the log. */

import { isAppError } from '../base/app-error.ts'
import { NO_ANSWER_IN_TIME, NO_CONNECTION } from './rpc-client.ts'

/**
 * `busy`: it limits our rate. `http`: another HTTP status than success. `wrongChain`: it serves another chain. `unusable`: it answered,
 * but not with what was asked for.
 */
export type RpcFailure = 'connection' | 'timeout' | 'busy' | 'http' | 'wrongChain' | 'unusable'

/** A word in the data of RPC_UNAVAILABLE, set where an endpoint said by JSON-RPC that it limits us. */
export const BUSY = 'busy'

export function failureOf(error: unknown): RpcFailure {
  if (isAppError(error, 'CHAIN_ID_MISMATCH')) return 'wrongChain'
  if (!isAppError(error, 'RPC_UNAVAILABLE')) return 'unusable'
  const { reason, kind } = error.data
  if (reason === NO_CONNECTION) return 'connection'
  if (reason === NO_ANSWER_IN_TIME) return 'timeout'
  if (kind === BUSY || reason === 'HTTP 429') return 'busy'
  return /^HTTP \d{3}$/.test(String(reason)) ? 'http' : 'unusable'
}
