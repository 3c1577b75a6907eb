/** The evidence of missed own challenges: one bundle for each, as it was put together when the miss was seen. */

import type { Hex } from '../base/hex.ts'
import type { ChallengeKey } from '../domain/challenge.ts'
import type { Db } from './database.ts'

/** Another seed after a reorg asks something else: its bundle stands beside. */
type Key = ChallengeKey & { readonly salt: Hex }
export type StoredEvidence = { readonly isReported: boolean; readonly bundle: string; readonly madeAtMs: number }
export type EvidenceTable = ReturnType<typeof createEvidenceTable>

/** At most 125 MiB, by `MAX_BUNDLE_BYTES`. */
const MAX_BUNDLES = 1_000

export const IS_KEPT = `SELECT epoch FROM evidence INDEXED BY idx_evidence_kept
  WHERE post_id = ? AND epoch = ? AND operator = ? AND salt = ? AND is_reported >= ?`

export function createEvidenceTable(db: Db) {
  const one = db.prepare<[string, number, number, string], { is_reported: number; bundle: string; made_at_ms: number }>(
    'SELECT is_reported, bundle, made_at_ms FROM evidence WHERE post_id = ? AND epoch = ? AND operator = ? AND salt = ?',
  )
  const isKept = db.prepare<[string, number, number, string, number], { epoch: number }>(IS_KEPT)
  const put = db.prepare(`INSERT INTO evidence (post_id, epoch, operator, salt, is_reported, bundle, made_at_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
    SET is_reported = excluded.is_reported, bundle = excluded.bundle, made_at_ms = excluded.made_at_ms`)
  const prune = db.prepare(`DELETE FROM evidence WHERE (post_id, epoch, operator, salt) IN
    (SELECT post_id, epoch, operator, salt FROM evidence ORDER BY epoch DESC, made_at_ms DESC LIMIT -1 OFFSET ?)`)
  const inEpoch = db.prepare<[number], { n: number }>('SELECT count(*) AS n FROM evidence WHERE epoch = ?')
  const salts = db.prepare<[string, number, number], { salt: string }>(
    'SELECT salt FROM evidence WHERE post_id = ? AND epoch = ? AND operator = ? ORDER BY made_at_ms DESC LIMIT 1',
  )
  const at = ({ postId, epoch, operator, salt }: Key): [string, number, number, string] => [
    postId,
    epoch,
    operator,
    salt,
  ]
  return {
    get: (key: Key): StoredEvidence | undefined =>
      one.all(...at(key)).map(row => ({
        isReported: row.is_reported === 1,
        bundle: row.bundle,
        madeAtMs: row.made_at_ms,
      }))[0],
    /**
     * As `get` would say, without reading the bundle.
     * @param isReported asks for one that tells of the report.
     */
    isKept: (key: Key, isReported: boolean): boolean => isKept.get(...at(key), isReported ? 1 : 0) !== undefined,
    /** Takes the place of an earlier one. Bundles of the oldest epochs go when there are too many. */
    put(key: Key, { isReported, bundle, madeAtMs }: StoredEvidence): void {
      db.transaction(() => {
        put.run(...at(key), isReported ? 1 : 0, bundle, madeAtMs)
        prune.run(MAX_BUNDLES)
      })()
    },
    /** Of the newest bundle about a challenge of this name. */
    latestSalt: ({ postId, epoch, operator }: ChallengeKey): Hex | undefined =>
      salts.all(postId, epoch, operator).map(row => row.salt as Hex)[0], // only hex was ever stored
    countIn: (epoch: number): number => inEpoch.get(epoch)?.n ?? 0,
  }
}
