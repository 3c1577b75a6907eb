/** One post's life: everything that the chain said of it, in order. */

import type { Db } from './database.ts'

export type TimelineKind = 'registered' | 'attested' | 'challenged' | 'proven' | 'rejected' | 'missed' | 'slashed'
export type TimelineRow = {
  readonly kind: TimelineKind
  readonly blockNumber: number
  readonly timestamp: number
  readonly epoch: number | null
  readonly operator: number | null
  readonly txHash: string | null
}

export function createTimeline(db: Db) {
  const part = (kind: TimelineKind, table: string, epoch: string, operator: string, txHash: string): string =>
    `SELECT '${kind}' AS kind, t.block_hash, ${epoch} AS epoch, ${operator} AS operator, ${txHash} AS txHash FROM ${table} t WHERE t.post_id = @postId`
  const union = [
    part('registered', 'posts', 'NULL', 'NULL', 't.tx_hash'),
    part('attested', 'attestations', 't.attested_epoch', 'NULL', 't.tx_hash'),
    part('challenged', 'challenges', 't.epoch', 't.operator', 'NULL'),
    part('proven', 'proofs', 't.epoch', 't.operator', 't.tx_hash'),
    part('rejected', 'rejections', 't.epoch', 't.operator', 't.tx_hash'),
    part('missed', 'misses', 't.epoch', 't.operator', 't.tx_hash'),
    part('slashed', 'slashes', 't.epoch', 't.operator', 't.tx_hash'),
  ].join(' UNION ALL ')
  const ofPost = db.prepare<object, TimelineRow>(
    [
      'SELECT u.kind, b.number AS blockNumber, b.timestamp_seconds AS timestamp, u.epoch, u.operator, u.txHash',
      'FROM (',
      union,
      ') u JOIN blocks b ON b.hash = u.block_hash ORDER BY b.number DESC LIMIT @limit',
    ].join(' '),
  )
  return {
    /** Newest first. */
    ofPost: (postId: string, limit: number): TimelineRow[] => ofPost.all({ postId, limit }),
  }
}
