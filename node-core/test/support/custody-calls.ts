/** Recognises what a node asks of the challenges' contract, for holding it up. */

import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { toFunctionSelector } from 'viem'
import type { Hold } from './rpc-gate.ts'

const selectorOf = (name: string): string => {
  const found = custodyChallengesAbi.find(each => each.type === 'function' && each.name === name)
  if (found?.type !== 'function') throw new Error(`no function ${name}`)
  return toFunctionSelector(found)
}
/** Asks without sending. */
export const isCallOf =
  (name: string): Hold['matches'] =>
  ({ method, params }) =>
    method === 'eth_call' && JSON.stringify(params).includes(selectorOf(name))
export const isSendingOf =
  (name: string): Hold['matches'] =>
  ({ method, params }) =>
    method === 'eth_sendRawTransaction' && JSON.stringify(params).includes(selectorOf(name).slice(2))
