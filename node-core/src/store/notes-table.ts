/** What the chain said that is only told: one table for all of it, so that a new kind of note needs no new table. */

import type { Hex } from '../base/hex.ts'
import type { LogPlace, Note } from '../domain/chain-event.ts'
import type { Db } from './database.ts'

export type NotesTable = ReturnType<typeof createNotesTable>

export function createNotesTable(db: Db) {
  const insert = db.prepare<{
    blockHash: string
    txHash: string
    logIndex: number
    kind: string
    postId: string | null
    epoch: number | null
    operator: number | null
    details: string
  }>(`INSERT INTO notes (block_hash, log_index, tx_hash, kind, post_id, epoch, operator, details)
    VALUES (@blockHash, @logIndex, @txHash, @kind, @postId, @epoch, @operator, @details)`)
  return {
    insert(note: LogPlace & Note, blockHash: Hex): void {
      const { txHash, logIndex, kind, ...said } = note
      const { postId = null, epoch = null, operator = null, ...details }: Partial<Record<string, unknown>> = said
      insert.run({
        ...{ blockHash, txHash, logIndex, kind },
        // The three have these types in every note that has them.
        postId: postId as string | null,
        epoch: epoch as number | null,
        operator: operator as number | null,
        details: JSON.stringify(details),
      })
    },
  }
}
