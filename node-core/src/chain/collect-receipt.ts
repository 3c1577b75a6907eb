/** Stores what became of one of the node's own transactions, hung on the block that says so. */

import type { BlockRef } from '../domain/block-ref.ts'
import type { StoredTransaction, TransactionsTable } from '../store/transactions-table.ts'
import type { ChainReceipt, ChainSource } from './chain-source.ts'

type Deps = {
  readonly source: Pick<ChainSource, 'receiptOf' | 'blockByNumber'>
  readonly transactions: TransactionsTable
}

/** Does nothing while the transaction is in no block up to `head`, or in one of another branch than the one held. */
export async function collectReceipt(deps: Deps, tx: StoredTransaction, head: BlockRef): Promise<void> {
  const receipt = await deps.source.receiptOf(tx.hash)
  if (receipt === undefined || receipt.blockNumber > head.number) return
  if (deps.transactions.insertReceipt(tx.hash, receipt)) return
  // A block that was passed by range, or pruned, before the receipt was asked for: the node was away meanwhile.
  const block = await canonicalBlock(deps.source, receipt)
  if (block !== undefined) deps.transactions.insertReceipt(tx.hash, receipt, block)
}

async function canonicalBlock(source: Deps['source'], receipt: ChainReceipt): Promise<BlockRef | undefined> {
  const there = await source.blockByNumber(receipt.blockNumber)
  return there?.hash === receipt.blockHash ? there : undefined
}
