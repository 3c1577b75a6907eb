/** A transaction that reverted, or was cancelled, leaves its thing undone: the next attempt is another transaction under another key. */

import type { TransactionsTable } from '../store/transactions-table.ts'

export type Attempt = { readonly key: string; readonly state: 'unsent' | 'pending' | 'mined' | 'exhausted' }

const MAX_ATTEMPTS = 5

/** @param name of the thing to be done; its attempts are `name#1`, `name#2` … Only a revert or a cancel on chain begins a new one. */
export function currentAttempt(transactions: TransactionsTable, name: string): Attempt {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const key = `${name}#${attempt}`
    const sent = transactions.byKey(key)
    if (sent === undefined) return { key, state: 'unsent' }
    const receipt = transactions.receiptOf(sent.hash)
    if (receipt === undefined) return { key, state: 'pending' }
    if (receipt.isSuccess && !sent.isCancel) return { key, state: 'mined' }
  }
  return { key: name, state: 'exhausted' }
}
