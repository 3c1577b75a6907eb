/** One post's life: everything that the chain said of it, in order. */

import type { Db } from './database.ts'
import { sql } from './sql.ts'

export type TimelineKind = 'registered' | 'attested' | 'challenged' | 'proven' | 'rejected' | 'missed' | 'slashed'
export type TimelineRow = {
  readonly kind: TimelineKind
  readonly blockNumber: number
  readonly timestamp: number
  readonly epoch: number | null
  readonly operator: number | null
  readonly txHash: string | null
}

const PARTS = [
  "SELECT 'registered' AS kind, block_hash, log_index, NULL AS epoch, NULL AS operator, tx_hash FROM posts WHERE post_id = @postId",
  "SELECT 'attested', block_hash, log_index, attested_epoch, NULL, tx_hash FROM attestations WHERE post_id = @postId",
  "SELECT 'challenged', block_hash, NULL, epoch, operator, NULL FROM challenges WHERE post_id = @postId",
  "SELECT 'proven', block_hash, log_index, epoch, operator, tx_hash FROM proofs WHERE post_id = @postId",
  "SELECT 'rejected', block_hash, log_index, epoch, operator, tx_hash FROM rejections WHERE post_id = @postId",
  "SELECT 'missed', block_hash, log_index, epoch, operator, tx_hash FROM misses WHERE post_id = @postId",
  "SELECT 'slashed', block_hash, log_index, epoch, operator, tx_hash FROM slashes WHERE post_id = @postId",
]

export function createTimeline(db: Db) {
  const ofPost = db.prepare<object, TimelineRow>(
    sql(
      'SELECT u.kind, b.number AS blockNumber, b.timestamp_seconds AS timestamp, u.epoch, u.operator, u.tx_hash AS txHash',
      'FROM (',
      PARTS.join(' UNION ALL '),
      ') u JOIN blocks b ON b.hash = u.block_hash ORDER BY b.number DESC, u.log_index DESC, u.operator DESC LIMIT @limit',
    ),
  )
  return {
    /** Newest first. */
    ofPost: (postId: string, limit: number): TimelineRow[] => ofPost.all({ postId, limit }),
  }
}
