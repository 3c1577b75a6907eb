/** One post's life: everything that the chain said of it, in order. */

import type { Db } from './database.ts'
import { sql } from './sql.ts'

export type TimelineKind =
  | 'registered'
  | 'attested'
  | 'challenged'
  | 'proven'
  | 'rejected'
  | 'missed'
  | 'slashed'
  | 'escalated'
  | 'failedAtLastLevel'
  | 'settled'
  | 'atRisk'
  | 'ending'
  | 'lapsed'
  | 'reopened'
  | 'dropped'
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
  "SELECT CASE WHEN next_level > level THEN 'escalated' WHEN next_level = 0 AND is_at_risk = 0 THEN 'settled' ELSE 'failedAtLastLevel' END, block_hash, log_index, epoch, NULL, tx_hash FROM settlements WHERE post_id = @postId",
  'SELECT kind, block_hash, log_index, NULL, NULL, tx_hash FROM post_closings WHERE post_id = @postId',
  "SELECT 'reopened', block_hash, log_index, NULL, NULL, tx_hash FROM post_reopenings WHERE post_id = @postId",
  "SELECT 'ending', block_hash, log_index, end_epoch, NULL, tx_hash FROM post_endings WHERE post_id = @postId",
  "SELECT 'atRisk', block_hash, log_index, epoch, NULL, tx_hash FROM notes WHERE post_id = @postId AND kind = 'postAtRisk'",
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
