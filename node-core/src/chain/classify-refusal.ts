/** What a node's error means for a transaction: JSON-RPC has no codes for it, so the words of the common clients are read. */

import { AppError } from '../base/app-error.ts'
import { type Hex, isHex } from '../base/hex.ts'
import type { BroadcastResult, GasEstimate } from './chain-source.ts'
import type { RpcAnswer } from './rpc-client.ts'

type RpcError = Extract<RpcAnswer, { kind: 'error' }>

/** geth, reth, nethermind, besu, erigon, anvil. */
const ALREADY_KNOWN = /already ?(known|imported|exists)|^known transaction/i
const NONCE_TAKEN =
  /nonce (is )?too low|nonce already used|nonce.*has already been|old ?nonce|replacement.*underpriced|could not replace/i
/** Said of the endpoint, not of the transaction: it may pass elsewhere or later. */
const NOT_NOW = /txpool is full|pool is full|overload|internal error|rate limit|too many requests|timeout|unavailable/i

/** @throws AppError RPC_UNAVAILABLE when the endpoint could not judge the transaction. */
export function classifyRefusal({ code, message }: RpcError): BroadcastResult {
  if (ALREADY_KNOWN.test(message)) return { kind: 'accepted' }
  if (NONCE_TAKEN.test(message)) return { kind: 'nonceTaken', reason: message }
  if (code === -32603 || code === 429 || NOT_NOW.test(message))
    throw new AppError('RPC_UNAVAILABLE', { method: 'eth_sendRawTransaction', reason: message })
  return { kind: 'refused', reason: message }
}

/** @throws AppError RPC_UNAVAILABLE when the endpoint could not run the call. */
export function revertOf({ code, message, data }: RpcError): GasEstimate {
  const isRevert = code === 3 || /revert|insufficient funds|gas required exceeds|out of gas/i.test(message)
  if (!isRevert) throw new AppError('RPC_UNAVAILABLE', { method: 'eth_estimateGas', reason: message })
  return { kind: 'reverted', reason: message, data: revertData(data) }
}

/** Some clients wrap the bytes in an object. */
function revertData(data: unknown): Hex | undefined {
  if (typeof data === 'string') return isHex(data) && data !== '0x' ? data : undefined
  if (typeof data === 'object' && data !== null && 'data' in data) return revertData(data.data)
  return undefined
}
