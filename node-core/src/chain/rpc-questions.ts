/** What a pool has to know of a question: whether it asks for the head, and whether an error is an answer to it. */

import type { RpcAnswer } from './rpc-client.ts'

export const isHeadQuestion = (method: string, [block, isWhole]: readonly unknown[]): boolean =>
  method === 'eth_blockNumber' || (method === 'eth_getBlockByNumber' && block === 'latest' && isWhole !== true)

/** What a contract or a limit says with an error is an answer; elsewhere these codes say that the endpoint cannot answer. */
const ANSWERED_BY_ERRORS: ReadonlySet<string> = new Set(['eth_call', 'eth_estimateGas', 'eth_getLogs'])
/** JSON-RPC: method not found, internal error; EIP-1474: resource unavailable, method not supported. */
const OWN_FAULT_CODES: ReadonlySet<number> = new Set([-32601, -32603, -32002, -32004])

/** An error that another endpoint may not have. */
export const isOwnFault = (method: string, answer: RpcAnswer): boolean =>
  answer.kind === 'error' && !ANSWERED_BY_ERRORS.has(method) && OWN_FAULT_CODES.has(answer.code)
