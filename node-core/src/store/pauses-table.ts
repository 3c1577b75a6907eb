/** The pauses of the protocol as the chain told them. */

import type { Pause } from '../domain/pause.ts'
import type { Db } from './database.ts'

export function createPausesTable(db: Db) {
  const rows = db.prepare<[], { until_block: number | null; block_number: number }>(
    'SELECT until_block, block_number FROM pauses ORDER BY block_number, log_index',
  )
  return {
    /** Oldest first; the last one may go on. One that was ended early lasts to the end of that block. */
    all(): Pause[] {
      const pauses: Pause[] = []
      for (const { until_block: untilBlock, block_number: block } of rows.all()) {
        const fromBlock = untilBlock === null ? (pauses.pop()?.fromBlock ?? block) : block
        pauses.push({ fromBlock, untilBlock: untilBlock ?? block })
      }
      return pauses
    },
  }
}
