/** What two endpoints' logs for the same question say about each other: one that forgot some is told from one of another branch. */

import type { RawLog } from './chain-source.ts'

/** `firstMisses`: all that the first has, the second has too, and more. */
export type LogAgreement = 'same' | 'firstMisses' | 'secondMisses' | 'differ'

export function agreeOnLogs(first: readonly RawLog[], second: readonly RawLog[]): LogAgreement {
  const inFirst = new Set(first.map(keyOf))
  const inSecond = new Set(second.map(keyOf))
  const isFirstWithin = inFirst.isSubsetOf(inSecond)
  const isSecondWithin = inSecond.isSubsetOf(inFirst)
  if (isFirstWithin && isSecondWithin) return 'same'
  if (isFirstWithin) return 'firstMisses'
  return isSecondWithin ? 'secondMisses' : 'differ'
}

const keyOf = ({ blockHash, logIndex, address, topics, data, txHash }: RawLog): string =>
  [blockHash, logIndex, address, txHash, data, ...topics].join()
