/** Attestations that this node's operators signed: signed once, sent as often as needed. */

import type { Hex } from '../base/hex.ts'
import type { Db } from './database.ts'

export type SignedAttestation = {
  readonly postId: Hex
  readonly root: Hex
  readonly operator: number
  readonly stakeEpoch: number
  readonly deadlineSeconds: number
  readonly signature: Hex
}
type Row = {
  post_id: string
  root: string
  operator: number
  stake_epoch: number
  deadline_seconds: number
  signature: string
}
export type SignedAttestationsTable = ReturnType<typeof createSignedAttestationsTable>

export function createSignedAttestationsTable(db: Db) {
  const insert =
    db.prepare(`INSERT OR IGNORE INTO signed_attestations (post_id, operator, stake_epoch, deadline_seconds, root, signature)
    VALUES (?, ?, ?, ?, ?, ?)`)
  const ofPost = db.prepare<[string], Row>('SELECT * FROM signed_attestations WHERE post_id = ? ORDER BY operator')
  return {
    insert(a: SignedAttestation): void {
      insert.run(a.postId, a.operator, a.stakeEpoch, a.deadlineSeconds, a.root, a.signature)
    },
    ofPost: (postId: string): SignedAttestation[] =>
      ofPost.all(postId).map(row => ({
        postId: row.post_id as Hex, // only hex was ever stored
        root: row.root as Hex, // likewise
        operator: row.operator,
        stakeEpoch: row.stake_epoch,
        deadlineSeconds: row.deadline_seconds,
        signature: row.signature as Hex, // likewise
      })),
  }
}
