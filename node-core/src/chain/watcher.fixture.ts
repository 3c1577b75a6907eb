/** A watcher over a store of its own whose only derived table says which logs it was given. */

import { systemClock } from '../base/clock.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import { createBlocksTable } from '../store/blocks-table.ts'
import { type Db, openDatabase } from '../store/database.ts'
import { nullLog } from '../telemetry/log.ts'
import type { ChainSource } from './chain-source.ts'
import { type ChainWatcherOptions, createChainWatcher } from './watch-chain.ts'

export function openTestDatabase(path = ':memory:'): Db {
  const db = openDatabase(path)
  db.exec(
    'CREATE TABLE seen (block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE, number INTEGER NOT NULL, log_index INTEGER NOT NULL, topic TEXT, PRIMARY KEY (block_hash, log_index)) STRICT',
  )
  return db
}

/** Everything derived, and the blocks that it hangs on, in the order of the chain. */
export function derivedRows(db: Db): unknown[] {
  return db.prepare('SELECT * FROM seen JOIN blocks ON hash = block_hash ORDER BY seen.number, log_index').all()
}

export function watch(source: ChainSource, db: Db, options: Partial<ChainWatcherOptions> = {}) {
  const insert = db.prepare('INSERT INTO seen VALUES (?, ?, ?, ?)')
  const blocks = createBlocksTable(db)
  const watcher = createChainWatcher({
    source,
    db,
    blocks,
    chainId: 31_337,
    startBlock: 1,
    pollMs: 1,
    clock: systemClock,
    log: nullLog,
    onBlock(block, logs) {
      for (const log of logs) insert.run(block.hash, block.number, log.logIndex, log.topics[0] ?? null)
    },
    ...options,
  })
  /** Resolves once the newest block held is the one that `head` gives. */
  const reached = async (head: () => BlockRef | Promise<BlockRef>, timeoutMs = 5_000): Promise<void> => {
    const deadline = Date.now() + timeoutMs
    while (blocks.head()?.hash !== (await head()).hash) {
      if (Date.now() > deadline) throw new Error(`stuck at ${blocks.head()?.number}: ${watcher.state().lastError}`)
      await systemClock.sleep(1)
    }
  }
  return { watcher, blocks, reached }
}

/** @returns what a store holds that was never through anything but one catch-up. */
export async function freshSync(source: ChainSource, options: Partial<ChainWatcherOptions> = {}): Promise<unknown[]> {
  const db = openTestDatabase()
  const { watcher, reached } = watch(source, db, options)
  await watcher.start()
  await reached(() => source.head())
  await watcher[Symbol.asyncDispose]()
  const rows = derivedRows(db)
  db.close()
  return rows
}
