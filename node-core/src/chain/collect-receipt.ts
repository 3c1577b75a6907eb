/** Stores what became of one of the node's own transactions, hung on the block that says so. */

import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { TransactionsTable } from '../store/transactions-table.ts'
import type { ChainReceipt, ChainSource } from './chain-source.ts'

type Deps = {
  readonly source: Pick<ChainSource, 'receiptOf' | 'blockByNumber'>
  readonly transactions: TransactionsTable
}

/**
 * Stores nothing while the transaction is in no block up to `head`, or in one of another branch than the one held.
 * @param txHash of one bid.
 * @returns true when the chain has it, whether or not that could be stored.
 */
export async function collectReceipt(deps: Deps, txHash: Hex, head: BlockRef): Promise<boolean> {
  const receipt = await deps.source.receiptOf(txHash)
  if (receipt === undefined) return false
  if (receipt.blockNumber > head.number || deps.transactions.insertReceipt(txHash, receipt)) return true
  // A block that was passed by range, or pruned, before the receipt was asked for: the node was away meanwhile.
  const block = await canonicalBlock(deps.source, receipt)
  if (block !== undefined) deps.transactions.insertReceipt(txHash, receipt, block)
  return true
}

async function canonicalBlock(source: Deps['source'], receipt: ChainReceipt): Promise<BlockRef | undefined> {
  const there = await source.blockByNumber(receipt.blockNumber)
  return there?.hash === receipt.blockHash ? there : undefined
}
