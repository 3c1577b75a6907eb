/** Missed challenges with what the chain said of them; read only, at every head. */

import type { Hex } from '../base/hex.ts'
import type { Challenge, ChallengeKey } from '../domain/challenge.ts'
import type { Db } from './database.ts'
import { sql } from './sql.ts'

type Row = {
  post_id: string
  epoch: number
  operator: number
  salt: string
  reporter: string
  tx_hash: string
  block_number: number
  amount_wei: string | null
}
type SeedRow = { finaliser: string; tx_hash: string; block_number: number }

export type MissReport = {
  readonly reporter: Hex
  readonly txHash: Hex
  readonly blockNumber: number
  /** What the operator lost; null when the chain took nothing. */
  readonly slashedWei: bigint | null
}
export type ReportedMiss = MissReport & { readonly challenge: ChallengeKey & Pick<Challenge, 'salt'> }

const SELECT = `SELECT m.post_id, m.epoch, m.operator, c.salt, m.reporter, m.tx_hash, b.number AS block_number, s.amount_wei
  FROM misses m JOIN challenges c ON c.post_id = m.post_id AND c.epoch = m.epoch AND c.operator = m.operator
  JOIN blocks b ON b.hash = m.block_hash
  LEFT JOIN slashes s ON s.post_id = m.post_id AND s.epoch = m.epoch AND s.operator = m.operator`

export function createMissedChallenges(db: Db) {
  const since = db.prepare<{ operators: string; epoch: number; limit: number }, Row>(
    sql(
      SELECT,
      'WHERE m.operator IN (SELECT value FROM json_each(@operators)) AND m.epoch >= @epoch',
      'ORDER BY m.epoch DESC, m.operator, m.post_id LIMIT @limit',
    ),
  )
  const one = db.prepare<[string, number, number], Row>(
    sql(SELECT, 'WHERE m.post_id = ? AND m.epoch = ? AND m.operator = ?'),
  )
  const seed = db.prepare<[number], SeedRow>('SELECT finaliser, tx_hash, block_number FROM epochs WHERE epoch = ?')
  return {
    /** Reported ones of the operators, from the epoch on; the newest epoch first. */
    since: (epoch: number, operators: readonly number[], limit: number): ReportedMiss[] =>
      since.all({ epoch, operators: JSON.stringify(operators), limit }).map(toMiss),
    /** Undefined while nobody has reported it. */
    report: ({ postId, epoch, operator }: ChallengeKey): MissReport | undefined =>
      one.all(postId, epoch, operator).map(toMiss)[0],
    /** The transaction that brought the epoch's seed. */
    seedOf: (epoch: number): { finaliser: Hex; txHash: Hex; blockNumber: number } | undefined =>
      seed.all(epoch).map(row => ({
        finaliser: row.finaliser as Hex, // only hex was ever stored in these columns
        txHash: row.tx_hash as Hex, // likewise
        blockNumber: row.block_number,
      }))[0],
  }
}

// SQLite gives plain strings; only hex was ever stored in these columns.
const toMiss = (row: Row): ReportedMiss => ({
  challenge: { postId: row.post_id as Hex, epoch: row.epoch, operator: row.operator, salt: row.salt as Hex },
  reporter: row.reporter as Hex,
  txHash: row.tx_hash as Hex,
  blockNumber: row.block_number,
  slashedWei: row.amount_wei === null ? null : BigInt(row.amount_wei),
})
