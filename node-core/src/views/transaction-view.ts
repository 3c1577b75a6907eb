/** The node's own transactions, as the doors show them. */

import { AppError } from '../base/app-error.ts'
import type { Transaction, TransactionPurpose, TransactionState } from '../contract/network-shapes.ts'
import type { ListedTransaction } from '../store/transaction-pages-table.ts'
import { type NodeView, toIso } from './node-view.ts'
import { type OwnKey, ownKeys } from './own-keys.ts'
import { pageOf, parseCursor } from './paging.ts'

type ListInput = { cursor?: string | undefined; limit: number; state?: TransactionState | undefined }

export function transactionsPage(view: NodeView, input: ListInput) {
  const pages = view.engine.store.transactionPages
  const below = parseCursor(input.cursor, ['id'])?.id ?? null
  const keys = new Map(ownKeys(view).map(key => [key.address, key]))
  const found = pages
    .page(input.state, below, input.limit + 1)
    .map(tx => ({ item: transactionView(view, tx, keys.get(tx.sender)), cursor: String(tx.id) }))
  return pageOf(found, input.limit, pages.total(input.state))
}

/** @throws AppError TRANSACTION_NOT_FOUND · RPC_UNAVAILABLE */
export async function transactionFailure({ engine }: NodeView, id: number): Promise<{ reason: string | null }> {
  const tx = engine.store.transactionPages.byId(id)
  if (tx === undefined) throw new AppError('TRANSACTION_NOT_FOUND', { id })
  return { reason: (await engine.transactionReader.failureOf(tx)) ?? null }
}

function transactionView({ engine }: NodeView, tx: ListedTransaction, key: OwnKey | undefined): Transaction {
  const bids = engine.store.transactions.bidsOf(tx.id)
  const standing = bids.find(each => each.outcome !== 'refused') ?? bids[0]
  if (standing === undefined) throw new AppError('DATABASE_ERROR', { operation: 'read bids' })
  return {
    ...{ id: tx.id, key: tx.key, purpose: purposeOf(tx.key), sender: tx.sender },
    role: key?.role ?? null,
    operator: key?.operator ?? null,
    nonce: tx.nonce,
    state: tx.state,
    hash: tx.mined?.hash ?? standing.hash,
    bids: bids.map(({ raw, hash, isCancel, outcome, madeAtBlock }) => {
      const { maxFeeWei, tipWei } = engine.transactionReader.feesOf(raw)
      return { hash, maxFeeWei: maxFeeWei.toString(), tipWei: tipWei.toString(), isCancel, outcome, madeAtBlock }
    }),
    isAtCap: tx.isAtCap,
    deadlineBlock: tx.deadlineBlock,
    createdAt: toIso(tx.createdAtMs),
    mined: minedView(tx),
  }
}

function minedView({ mined }: ListedTransaction): Transaction['mined'] {
  if (mined === undefined) return null
  const { blockNumber, gasUsed, gasPriceWei } = mined.receipt
  const costWei = (BigInt(gasUsed) * gasPriceWei).toString()
  return { blockNumber, gasUsed, gasPriceWei: gasPriceWei.toString(), costWei }
}

/** What stands before the first colon of a key. */
const PURPOSES: Readonly<Record<string, TransactionPurpose>> = {
  register: 'register',
  prove: 'prove',
  batch: 'batch',
  finalise: 'finalise',
  settle: 'settle',
  report: 'report',
  attest: 'attest',
  lapse: 'lapse',
}

const purposeOf = (key: string): TransactionPurpose => PURPOSES[key.split(':')[0] ?? ''] ?? 'other'
