/** The operators that this node answers for: their keys, and whether they are at work. */

import type { Hex } from '../base/hex.ts'
import type { Signer } from '../keys/signer.ts'
import type { OperatorIdentity, OperatorsTable } from '../store/operators-table.ts'

export type OwnOperator = OperatorIdentity & { readonly key: Signer }
export type OwnOperators = ReturnType<typeof createOwnOperators>

/** @param keys the signers that this node holds; which operator each belongs to stands on chain. */
export function createOwnOperators(keys: readonly Signer[], table: Pick<OperatorsTable, 'identities'>) {
  const keyOf = new Map<Hex, Signer>(keys.map(key => [key.address, key]))
  /** Operators taken offline on purpose: they neither attest nor answer. */
  const offline = new Set<number>()
  const list = (): OwnOperator[] =>
    table.identities().flatMap(identity => {
      const key = keyOf.get(identity.signer)
      return key === undefined ? [] : [{ ...identity, key }]
    })
  return {
    list,
    /** Neither taken offline nor gone for good. */
    atWork: (): OwnOperator[] =>
      list().filter(operator => !offline.has(operator.index) && operator.exit?.isWithdrawn !== true),
    find: (index: number): OwnOperator | undefined => list().find(operator => operator.index === index),
    isOwn: (index: number): boolean => list().some(operator => operator.index === index),
    isOnline: (index: number): boolean => !offline.has(index),
    setOnline(index: number, isOnline: boolean): void {
      if (isOnline) offline.delete(index)
      else offline.add(index)
    },
  }
}
