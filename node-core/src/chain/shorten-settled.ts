/** Forgets the bytes of transactions that succeeded long ago: a year of proofs would be gigabytes, and nobody sends them again. */

import { parseTransaction, serializeTransaction } from 'viem'
import type { Hex } from '../base/hex.ts'
import type { TransactionsTable } from '../store/transactions-table.ts'

/** Eight times what a reorg can take back without a new sync. A guess. */
export const WHOLE_BLOCKS = 2_048
/** So that a look costs little. */
const AT_ONCE = 16
const EVERY_BLOCKS = 8

/** To be called at each head. What reverted keeps its bytes: they tell why. */
export function shortenSettled(transactions: TransactionsTable, headBlock: number): void {
  if (headBlock % EVERY_BLOCKS !== 0) return
  for (const id of transactions.wholeBelow(headBlock - WHOLE_BLOCKS, AT_ONCE))
    transactions.shorten(
      id,
      transactions.bidsOf(id).map(({ hash, raw }) => ({ hash, raw: withoutData(raw) })),
    )
}

/** True for bytes that nobody can send any more: a reorg of thousands of blocks may leave such a transaction pending. */
export const isShortened = (raw: Hex): boolean => parseTransaction(raw as `0x02${string}`).r === undefined // likewise

/** What a bid bid is still in it; what it asked for and who signed it is not. */
function withoutData(raw: Hex): Hex {
  const {
    to,
    chainId = 0,
    nonce,
    value,
    gas,
    maxFeePerGas,
    maxPriorityFeePerGas,
  } = parseTransaction(
    raw as `0x02${string}`, // no other type is ever signed
  )
  const fees = { maxFeePerGas, maxPriorityFeePerGas }
  return serializeTransaction({ type: 'eip1559', chainId, nonce, to, value, gas, ...fees })
}
