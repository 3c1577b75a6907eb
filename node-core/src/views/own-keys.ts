/** The keys that pay for transactions, and what each is for. */

import type { Hex } from '../base/hex.ts'
import type { NetworkState } from '../contract/network-shapes.ts'
import type { NodeView } from './node-view.ts'

export type OwnKey = {
  readonly address: Hex
  readonly role: NetworkState['keys'][number]['role']
  readonly operator: number | null
}

/** A key that signs for an operator is the operator's, also when it publishes too. */
export function ownKeys({ engine }: NodeView): OwnKey[] {
  const { operators, options, senders } = engine
  const operatorOf = new Map(operators.list().map(({ signer, index }) => [signer, index]))
  const operatorKeys = new Set(options.operatorKeys.map(key => key.address))
  return senders.all().map(({ address }) => {
    const operator = operatorOf.get(address) ?? null
    if (operator !== null || operatorKeys.has(address)) return { address, role: 'operator', operator }
    return { address, role: options.relayKey?.address === address ? 'relay' : 'publisher', operator }
  })
}
