/** The chain's blocks as far as the node follows them: the tail that can still change, and every block that brought an event. */

import type { BlockRef } from '../domain/block-ref.ts'
import type { Db } from './database.ts'

type Row = { number: number; hash: string; parent_hash: string; timestamp_seconds: number }

export type BlocksTable = ReturnType<typeof createBlocksTable>

export function createBlocksTable(db: Db) {
  const insert = db.prepare(
    'INSERT INTO blocks (hash, number, parent_hash, timestamp_seconds, has_events) VALUES (?, ?, ?, ?, ?)',
  )
  const remove = db.prepare('DELETE FROM blocks WHERE hash = ?')
  const newest = db.prepare<[number], Row>(
    'SELECT number, hash, parent_hash, timestamp_seconds FROM blocks ORDER BY number DESC LIMIT ?',
  )
  const byNumber = db.prepare<[number], Row>(
    'SELECT number, hash, parent_hash, timestamp_seconds FROM blocks WHERE number = ?',
  )
  const prune = db.prepare('DELETE FROM blocks WHERE has_events = 0 AND number < ?')
  const clear = db.prepare('DELETE FROM blocks')
  return {
    insert(block: BlockRef, hasEvents: boolean): void {
      insert.run(block.hash, block.number, block.parentHash, block.timestamp, hasEvents ? 1 : 0)
    },
    /** Takes everything derived from the block along: every derived table cascades. */
    remove: (hash: string): void => void remove.run(hash),
    head: (): BlockRef | undefined => newest.all(1).map(toBlock)[0],
    /** The newest blocks held, oldest first, as far back as each one's parent is held. */
    tail(limit: number): BlockRef[] {
      const blocks = newest.all(limit).map(toBlock)
      const gap = blocks.findIndex((block, at) => at > 0 && blocks[at - 1]?.parentHash !== block.hash)
      return (gap === -1 ? blocks : blocks.slice(0, gap)).reverse()
    },
    at: (number: number): BlockRef | undefined => byNumber.all(number).map(toBlock)[0],
    /** Forgets blocks below `number` that brought nothing. */
    pruneBelow: (number: number): void => void prune.run(number),
    /** Forgets all blocks and so all that is derived from them: what is left is the node's own. */
    clear: (): void => void clear.run(),
  }
}

// SQLite gives plain strings; only hashes were ever stored.
const toBlock = (row: Row): BlockRef => ({
  number: row.number,
  hash: row.hash as BlockRef['hash'],
  parentHash: row.parent_hash as BlockRef['hash'],
  timestamp: row.timestamp_seconds,
})
