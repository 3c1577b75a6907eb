/** Writes a stretch of the chain into the store: what leaves and what comes, in one transaction. */

import type { BlockRef } from '../domain/block-ref.ts'
import type { BlocksTable } from '../store/blocks-table.ts'
import type { Db } from '../store/database.ts'
import { translateSqliteError } from '../store/sqlite-errors.ts'
import type { RawLog } from './chain-source.ts'

export type BlockWithLogs = {
  readonly block: BlockRef
  readonly logs: readonly RawLog[]
  /** Blocks with logs are never pruned; this says the same of one without. */
  readonly isKept?: boolean
}

export type BlockCallbacks = {
  /** Runs inside the transaction that inserts the block, so it must not wait. Blocks without logs may be left out far below the head. */
  readonly onBlock: (block: BlockRef, logs: readonly RawLog[]) => void
  /** Runs inside the transaction, before the block's rows go. */
  readonly onUndo?: ((block: BlockRef) => void) | undefined
}

export type CommitBlocks = (undo: readonly BlockRef[], apply: readonly BlockWithLogs[]) => void

/**
 * A crash leaves all of one call or nothing of it, and either is a prefix of a branch of the chain.
 * @param options.signal once aborted, every call throws and nothing is written any more.
 * @returns a function that takes `undo` newest first and `apply` oldest first.
 */
export function createBlockCommitter(
  options: BlockCallbacks & { readonly db: Db; readonly blocks: BlocksTable; readonly signal: AbortSignal },
): CommitBlocks {
  const { db, blocks, signal, onBlock, onUndo } = options
  const write = db.transaction((undo: readonly BlockRef[], apply: readonly BlockWithLogs[]) => {
    for (const block of undo) {
      onUndo?.(block)
      blocks.remove(block.hash)
    }
    for (const { block, logs, isKept = logs.length > 0 } of apply) {
      blocks.insert(block, isKept)
      onBlock(block, logs)
    }
  })
  return (undo, apply) => {
    signal.throwIfAborted()
    try {
      write(undo, apply)
    } catch (error) {
      throw translateSqliteError(error, 'apply blocks')
    }
  }
}
