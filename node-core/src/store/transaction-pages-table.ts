/** The node's own transactions with what became of each, newest first, in pages. */

import type { Hex } from '../base/hex.ts'
import type { Db } from './database.ts'
import { sql } from './sql.ts'
import type { StoredReceipt } from './transactions-table.ts'

/** `replaced`: only a cancel got into the chain. `failed`: it reverted there. */
export type TransactionState = 'pending' | 'mined' | 'replaced' | 'failed'
export type ListedTransaction = {
  readonly id: number
  readonly key: string
  readonly sender: Hex
  readonly nonce: number
  readonly recipient: Hex
  readonly data: Hex
  readonly valueWei: bigint
  readonly deadlineBlock: number | null
  readonly isAtCap: boolean
  readonly createdAtMs: number
  readonly state: TransactionState
  /** Of the bid that the chain took. */
  readonly mined: { readonly hash: Hex; readonly receipt: StoredReceipt } | undefined
}

type Row = {
  id: number
  key: string
  sender: string
  nonce: number
  recipient: string
  data: string
  value_wei: string
  deadline_block: number | null
  is_at_cap: number
  created_at_ms: number
  has_receipt: number
}
type MinedRow = {
  hash: string
  is_cancel: number
  is_success: number
  gas_used: number
  gas_price_wei: string
  block_number: number
  block_hash: string
}

const CANCELLED = `SELECT b.transaction_id FROM bids b INDEXED BY idx_bids_cancels
  JOIN receipts r ON r.tx_hash = b.hash WHERE b.is_cancel = 1`
const REVERTED = `SELECT b.transaction_id FROM receipts r INDEXED BY idx_receipts_reverted
  JOIN bids b ON b.hash = r.tx_hash WHERE r.is_success = 0 AND b.is_cancel = 0`

/**
 * Few transactions fail or are replaced: to pick them, or to leave them out, costs little. A `+` keeps a condition from being the one
 * that rows are found by.
 */
const WHICH: Readonly<Record<TransactionState | 'all', string>> = {
  all: 'WHERE TRUE',
  pending: 'WHERE has_receipt = 0',
  mined: sql('WHERE has_receipt = 1 AND +id NOT IN (', CANCELLED, ') AND +id NOT IN (', REVERTED, ')'),
  replaced: sql('WHERE id IN (', CANCELLED, ')'),
  failed: sql('WHERE id IN (', REVERTED, ')'),
}

const BELOW: Readonly<Record<TransactionState | 'all', string>> = {
  all: 'AND id < @below',
  pending: 'AND id < @below',
  mined: 'AND id < @below',
  replaced: 'AND +id < @below',
  failed: 'AND +id < @below',
}

export const pageQuery = (which: TransactionState | 'all'): string =>
  sql('SELECT * FROM transactions', WHICH[which], BELOW[which], 'ORDER BY id DESC LIMIT @limit')
export const totalQuery = (which: TransactionState | 'all'): string =>
  sql('SELECT count(*) AS n FROM transactions', WHICH[which])

export type TransactionPages = ReturnType<typeof createTransactionPages>

export function createTransactionPages(db: Db) {
  const prepare = (which: TransactionState | 'all') => ({
    page: db.prepare<object, Row>(pageQuery(which)),
    total: db.prepare<[], { n: number }>(totalQuery(which)),
  })
  const queries = {
    all: prepare('all'),
    pending: prepare('pending'),
    mined: prepare('mined'),
    replaced: prepare('replaced'),
    failed: prepare('failed'),
  }
  const byId = db.prepare<[number], Row>('SELECT * FROM transactions WHERE id = ?')
  const mined = db.prepare<[number], MinedRow>(`SELECT b.hash, b.is_cancel, r.* FROM bids b
    JOIN receipts r ON r.tx_hash = b.hash WHERE b.transaction_id = ?`)

  const toListed = (row: Row): ListedTransaction =>
    listed(row, row.has_receipt === 1 ? mined.all(row.id)[0] : undefined)

  return {
    /** Newest first. @param below the id of the last one shown. */
    page: (state: TransactionState | undefined, below: number | null, limit: number): ListedTransaction[] =>
      queries[state ?? 'all'].page.all({ below: below ?? Number.MAX_SAFE_INTEGER, limit }).map(toListed),
    total: (state: TransactionState | undefined): number => queries[state ?? 'all'].total.get()?.n ?? 0,
    byId: (id: number): ListedTransaction | undefined => byId.all(id).map(toListed)[0],
  }
}

// SQLite gives plain strings; only hex was ever stored in these columns.
function listed(row: Row, mined: MinedRow | undefined): ListedTransaction {
  return {
    id: row.id,
    key: row.key,
    sender: row.sender as Hex,
    nonce: row.nonce,
    recipient: row.recipient as Hex,
    data: row.data as Hex,
    valueWei: BigInt(row.value_wei),
    deadlineBlock: row.deadline_block,
    isAtCap: row.is_at_cap === 1,
    createdAtMs: row.created_at_ms,
    state: stateOf(mined),
    mined: mined === undefined ? undefined : { hash: mined.hash as Hex, receipt: receiptOf(mined) },
  }
}

function stateOf(mined: MinedRow | undefined): TransactionState {
  if (mined === undefined) return 'pending'
  if (mined.is_cancel === 1) return 'replaced'
  return mined.is_success === 1 ? 'mined' : 'failed'
}

const receiptOf = (row: MinedRow): StoredReceipt => ({
  isSuccess: row.is_success === 1,
  gasUsed: row.gas_used,
  gasPriceWei: BigInt(row.gas_price_wei),
  blockNumber: row.block_number,
  blockHash: row.block_hash as Hex, // likewise
})
