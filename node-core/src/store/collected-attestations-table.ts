/** Attestations that this node collected as a relay: one for each post and operator, whoever's operators they are. */

import type { Hex } from '../base/hex.ts'
import type { Db } from './database.ts'
import type { AttributedAttestation } from './signed-attestations-table.ts'

type Row = {
  post_id: string
  operator: number
  stake_epoch: number
  deadline_seconds: number
  root: string
  signature: string
  signer: string
}
export type CollectedAttestationsTable = ReturnType<typeof createCollectedAttestationsTable>

/** Reads an index of so many entries, not their attestations. */
export const COLLECTED_POST_COUNT = 'SELECT count(*) AS n FROM collected_posts'

export function createCollectedAttestationsTable(db: Db) {
  const replace = db.prepare(`INSERT OR REPLACE INTO collected_attestations
    (post_id, operator, stake_epoch, deadline_seconds, root, signature, signer) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  const one = db.prepare<[string, number], Row>(
    'SELECT * FROM collected_attestations WHERE post_id = ? AND operator = ?',
  )
  const ofPost = db.prepare<[string], Row>('SELECT * FROM collected_attestations WHERE post_id = ? ORDER BY operator')
  const postIds = db.prepare<[], { post_id: string }>('SELECT post_id FROM collected_posts')
  const post = db.prepare<[string], { post_id: string }>('SELECT post_id FROM collected_posts WHERE post_id = ?')
  const postCount = db.prepare<[], { n: number }>(COLLECTED_POST_COUNT)
  const unknown = db.prepare<[number], { n: number }>(`SELECT count(*) AS n FROM collected_attestations
    WHERE operator = ? AND post_id NOT IN (SELECT post_id FROM posts)`)
  const forget = db.prepare('DELETE FROM collected_attestations WHERE post_id = ?')
  return {
    /** In place of what the operator said before. */
    put(a: AttributedAttestation): void {
      replace.run(a.postId, a.operator, a.stakeEpoch, a.deadlineSeconds, a.root, a.signature, a.signer)
    },
    find: (postId: string, operator: number): AttributedAttestation | undefined =>
      one.all(postId, operator).map(toAttestation)[0],
    /** By operator, ascending. */
    ofPost: (postId: string): AttributedAttestation[] => ofPost.all(postId).map(toAttestation),
    postIds: (): Hex[] => postIds.all().map(row => row.post_id as Hex), // only hex was ever stored
    hasPost: (postId: string): boolean => post.get(postId) !== undefined,
    postCount: (): number => postCount.get()?.n ?? 0,
    /** Of this operator, for posts that the chain has not told of. */
    unknownCount: (operator: number): number => unknown.get(operator)?.n ?? 0,
    forget: (postId: string): void => void forget.run(postId),
  }
}

const toAttestation = (row: Row): AttributedAttestation => ({
  postId: row.post_id as Hex, // only hex was ever stored
  root: row.root as Hex, // likewise
  operator: row.operator,
  stakeEpoch: row.stake_epoch,
  deadlineSeconds: row.deadline_seconds,
  signature: row.signature as Hex, // likewise
  signer: row.signer as Hex, // likewise
})
