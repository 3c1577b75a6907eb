/** The node's own transactions, each with the key that says what it is for; signed bytes are stored before they are sent. */

import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { Db } from './database.ts'
import { sql } from './sql.ts'

/**
 * Signed bytes with the transaction's nonce; a later bid has higher fees than those before. Long after the transaction succeeded they
 * are the same without data and signature, and the transaction's data is its selector alone.
 */
export type Bid = {
  readonly raw: Hex
  readonly hash: Hex
  /** It does nothing but use up the nonce. */
  readonly isCancel: boolean
}
/** `unknown`: no endpoint has answered yet. One that accepted it once may have spread it, whatever it says later. */
export type BidOutcome = 'unknown' | 'accepted' | 'refused'
export type StoredBid = Bid & {
  readonly outcome: BidOutcome
  /** The newest block when it was made. */
  readonly madeAtBlock: number
}
type Wanted = {
  readonly key: string
  readonly chainId: number
  readonly sender: string
  readonly nonce: number
  readonly recipient: string
  readonly data: Hex
  readonly valueWei: bigint
  /** The last block that may take it; undefined when it is never too late. */
  readonly deadlineBlock?: number | undefined
  readonly createdAtMs: number
}
export type NewTransaction = Wanted & { readonly raw: Hex; readonly hash: Hex; readonly madeAtBlock: number }
/** As a bid, it is the one that was mined, else the newest that was not refused. */
export type StoredTransaction = Wanted & Bid & { readonly id: number; readonly isAtCap: boolean }
/** `oldestMs`: when the oldest was made. */
export type PendingTotals = { readonly count: number; readonly atCap: number; readonly oldestMs: number | null }
/** Null while no block that the node follows holds the transaction. */
export type StoredReceipt = {
  readonly isSuccess: boolean
  readonly gasUsed: number
  readonly gasPriceWei: bigint
  readonly blockNumber: number
  readonly blockHash: Hex
}

type Row = {
  id: number
  key: string
  chain_id: number
  sender: string
  nonce: number
  recipient: string
  data: string
  value_wei: string
  deadline_block: number | null
  is_at_cap: number
  created_at_ms: number
  raw: string
  hash: string
  is_cancel: number
}
type BidRow = { raw: string; hash: string; is_cancel: number; outcome: BidOutcome; made_at_block: number }
type ReceiptRow = {
  is_success: number
  gas_used: number
  gas_price_wei: string
  block_number: number
  block_hash: string
}

/** Settled, and not shortened yet; one that reverted is never. */
export const WHOLE_BELOW = `SELECT id FROM transactions INDEXED BY idx_transactions_whole
  WHERE has_receipt = 1 AND length(data) > 10 AND EXISTS (
    SELECT 1 FROM bids b JOIN receipts r ON r.tx_hash = b.hash
    WHERE b.transaction_id = transactions.id AND r.is_success = 1 AND r.block_number < ?)
  ORDER BY id LIMIT ?`

export type TransactionsTable = ReturnType<typeof createTransactionsTable>

const SELECT = `SELECT t.*, b.raw, b.hash, b.is_cancel FROM transactions t JOIN bids b ON b.id = (
  SELECT each.id FROM bids each WHERE each.transaction_id = t.id
  ORDER BY EXISTS (SELECT 1 FROM receipts WHERE tx_hash = each.hash) DESC, each.outcome = 'refused', each.id DESC LIMIT 1)`

export function createTransactionsTable(db: Db) {
  const insert =
    db.prepare(`INSERT INTO transactions (key, chain_id, sender, nonce, recipient, data, value_wei, deadline_block, created_at_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  // A bid made again, as after a reorg, counts from then on.
  const insertBid = db.prepare(`INSERT INTO bids (transaction_id, raw, hash, is_cancel, outcome, made_at_block)
    VALUES (?, ?, ?, ?, 'unknown', ?)
    ON CONFLICT (hash) DO UPDATE SET made_at_block = excluded.made_at_block`)
  const leaveCap = db.prepare('UPDATE transactions SET is_at_cap = 0 WHERE id = ?')
  const reachCap = db.prepare('UPDATE transactions SET is_at_cap = 1 WHERE id = ? AND is_at_cap = 0')
  const moveDeadline = db.prepare(
    'UPDATE transactions SET deadline_block = @block WHERE key = @key AND deadline_block IS NOT @block',
  )
  const setOutcome = db.prepare("UPDATE bids SET outcome = ? WHERE hash = ? AND outcome <> 'accepted'")
  const bids = db.prepare<[number], BidRow>('SELECT * FROM bids WHERE transaction_id = ? ORDER BY id DESC')
  const byKey = db.prepare<[string], Row>(sql(SELECT, 'WHERE t.key = ?'))
  const pending = db.prepare<[string, number], Row>(
    sql(SELECT, 'WHERE t.sender = ? AND t.chain_id = ? AND t.has_receipt = 0 ORDER BY t.nonce'),
  )
  const remove = db.prepare('DELETE FROM transactions WHERE id = ?')
  const wholeBelow = db.prepare<[number, number], { id: number }>(WHOLE_BELOW)
  const shorten = db.prepare('UPDATE transactions SET data = substr(data, 1, 10) WHERE id = ?')
  const shortenBid = db.prepare('UPDATE bids SET raw = ? WHERE hash = ?')
  const receipt = db.prepare<[string], ReceiptRow>('SELECT * FROM receipts WHERE tx_hash = ?')
  const nonces = db.prepare<[string, number], { nonce: number }>(
    'SELECT nonce FROM transactions WHERE sender = ? AND nonce >= ?',
  )
  const pendingKeys = db.prepare<[string, string], { key: string }>(
    'SELECT key FROM transactions INDEXED BY idx_transactions_pending WHERE has_receipt = 0 AND substr(key, 1, length(?)) = ?',
  )
  const anyOf = db.prepare<[string], { nonce: number }>('SELECT nonce FROM transactions WHERE sender = ? LIMIT 1')
  const insertReceipt = db.prepare(
    'INSERT OR IGNORE INTO receipts (tx_hash, is_success, gas_used, gas_price_wei, block_number, block_hash) SELECT ?, ?, ?, ?, number, hash FROM blocks WHERE hash = ?',
  )
  const keepBlock = db.prepare('UPDATE blocks SET has_events = 1 WHERE hash = ?')
  const insertMissingBlock = db.prepare(
    'INSERT OR IGNORE INTO blocks (hash, number, parent_hash, timestamp_seconds, has_events) VALUES (?, ?, ?, ?, 1)',
  )
  // Only own transactions have receipts. In two parts, the price divided by a million: each sum stays within 64 bits, where the sum of the products would not.
  const spent = db
    .prepare<[], { millions: bigint | null; rest: bigint | null }>(`SELECT
      sum(gas_used * (CAST(gas_price_wei AS INTEGER) / 1000000)) AS millions,
      sum(gas_used * (CAST(gas_price_wei AS INTEGER) % 1000000)) AS rest
      FROM receipts`)
    .safeIntegers()
  const waiting = db.prepare<
    [number],
    PendingTotals
  >(`SELECT count(*) AS count, total(is_at_cap) AS atCap, min(created_at_ms) AS oldestMs
    FROM transactions INDEXED BY idx_transactions_pending WHERE has_receipt = 0 AND chain_id = ?`)
  return {
    /** @throws a CONSTRAINT error when the key or the sender's nonce is taken: one thing is sent once. */
    insert(tx: NewTransaction): void {
      db.transaction(() => {
        const { lastInsertRowid } = insert.run(
          ...[tx.key, tx.chainId, tx.sender, tx.nonce, tx.recipient, tx.data, tx.valueWei.toString()],
          ...[tx.deadlineBlock ?? null, tx.createdAtMs],
        )
        insertBid.run(lastInsertRowid, tx.raw, tx.hash, 0, tx.madeAtBlock)
      })()
    },
    insertBid(id: number, bid: Bid, madeAtBlock: number): void {
      db.transaction(() => {
        insertBid.run(id, bid.raw, bid.hash, bid.isCancel ? 1 : 0, madeAtBlock)
        leaveCap.run(id)
      })()
    },
    /** All ever made for a transaction, newest first. */
    bidsOf: (id: number): StoredBid[] => bids.all(id).map(toBid),
    /** What was accepted once stays so. */
    setOutcome: (hash: Hex, outcome: 'accepted' | 'refused'): void => void setOutcome.run(outcome, hash),
    /** Of the one of this key, if it is another. */
    moveDeadline: (key: string, block: number): void => void moveDeadline.run({ key, block }),
    /** @returns false when that stood there already. */
    reachCap: (id: number): boolean => reachCap.run(id).changes > 0,
    byKey: (key: string): StoredTransaction | undefined => byKey.all(key).map(toTransaction)[0],
    /** One sender's without a receipt in a block that is followed, by nonce. */
    pending: (sender: string, chainId: number): StoredTransaction[] => pending.all(sender, chainId).map(toTransaction),
    remove: (id: number): void => void remove.run(id),
    /** Those that succeeded in a block below `block` and have all their bytes still, oldest first. */
    wholeBelow: (block: number, limit: number): number[] => wholeBelow.all(block, limit).map(row => row.id),
    /** Only the function's selector is left of the data. @param bids without what is to be forgotten. */
    shorten(id: number, bids: readonly { readonly hash: Hex; readonly raw: Hex }[]): void {
      db.transaction(() => {
        shorten.run(id)
        for (const { hash, raw } of bids) shortenBid.run(raw, hash)
      })()
    },
    receiptOf: (hash: Hex): StoredReceipt | undefined => receipt.all(hash).map(toReceipt)[0],
    /** The sender's nonces from `first` on that a stored transaction has. */
    noncesFrom: (sender: string, first: number): ReadonlySet<number> =>
      new Set(nonces.all(sender, first).map(row => row.nonce)),
    /** Of all senders' without a receipt in a block that is followed: the keys that begin so. */
    pendingKeys: (prefix: string): string[] => pendingKeys.all(prefix, prefix).map(row => row.key),
    /** Whether anything of this sender's is stored, done or not. */
    hasAny: (sender: string): boolean => anyOf.get(sender) !== undefined,
    /**
     * The block then stays for as long as it is in the chain, even if it brought no event.
     * @param passedBlock the receipt's block, if it is older than the blocks held without a gap and so may not be held itself.
     * @returns false when another block is held at this height, or none: the receipt is not stored.
     */
    insertReceipt(hash: Hex, r: StoredReceipt, passedBlock?: BlockRef): boolean {
      return db.transaction(() => {
        if (passedBlock !== undefined) {
          const { number, parentHash, timestamp } = passedBlock
          insertMissingBlock.run(passedBlock.hash, number, parentHash, timestamp)
        }
        const { changes } = insertReceipt.run(
          hash,
          r.isSuccess ? 1 : 0,
          r.gasUsed,
          r.gasPriceWei.toString(),
          r.blockHash,
        )
        if (changes > 0) keepBlock.run(r.blockHash)
        return changes > 0
      })()
    },
    gasSpentWei(): bigint {
      const { millions, rest } = spent.get() ?? { millions: null, rest: null }
      return (millions ?? 0n) * 1_000_000n + (rest ?? 0n)
    },
    /** Of all senders' without a receipt in a block that is followed. */
    pendingTotals: (chainId: number): PendingTotals => waiting.get(chainId) ?? { count: 0, atCap: 0, oldestMs: null },
  }
}

// SQLite gives plain strings; only hex was ever stored in these columns.
const toTransaction = (row: Row): StoredTransaction => ({
  id: row.id,
  key: row.key,
  chainId: row.chain_id,
  sender: row.sender,
  nonce: row.nonce,
  recipient: row.recipient,
  data: row.data as Hex,
  valueWei: BigInt(row.value_wei),
  deadlineBlock: row.deadline_block ?? undefined,
  isAtCap: row.is_at_cap === 1,
  createdAtMs: row.created_at_ms,
  raw: row.raw as Hex,
  hash: row.hash as Hex,
  isCancel: row.is_cancel === 1,
})

const toBid = (row: BidRow): StoredBid => ({
  raw: row.raw as Hex,
  hash: row.hash as Hex,
  isCancel: row.is_cancel === 1,
  outcome: row.outcome,
  madeAtBlock: row.made_at_block,
})

const toReceipt = (row: ReceiptRow): StoredReceipt => ({
  isSuccess: row.is_success === 1,
  gasUsed: row.gas_used,
  gasPriceWei: BigInt(row.gas_price_wei),
  blockNumber: row.block_number,
  blockHash: row.block_hash as Hex,
})
