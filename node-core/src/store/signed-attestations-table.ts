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
/** With the lower-case address that the signature is of. */
export type AttributedAttestation = SignedAttestation & { readonly signer: Hex }
type Row = {
  post_id: string
  root: string
  operator: number
  stake_epoch: number
  deadline_seconds: number
  signature: string
  signer: string
}
export type SignedAttestationsTable = ReturnType<typeof createSignedAttestationsTable>

export function createSignedAttestationsTable(db: Db) {
  const insert =
    db.prepare(`INSERT INTO signed_attestations (post_id, operator, stake_epoch, deadline_seconds, root, signature, signer)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET root = excluded.root, signature = excluded.signature, signer = excluded.signer
    WHERE signer <> excluded.signer`)
  const ofPost = db.prepare<[string], Row>('SELECT * FROM signed_attestations WHERE post_id = ? ORDER BY operator')
  return {
    /** What the same signer signed for the same terms stays as it is. */
    insert(a: AttributedAttestation): void {
      insert.run(a.postId, a.operator, a.stakeEpoch, a.deadlineSeconds, a.root, a.signature, a.signer)
    },
    ofPost: (postId: string): AttributedAttestation[] =>
      ofPost.all(postId).map(row => ({
        postId: row.post_id as Hex, // only hex was ever stored
        root: row.root as Hex, // likewise
        operator: row.operator,
        stakeEpoch: row.stake_epoch,
        deadlineSeconds: row.deadline_seconds,
        signature: row.signature as Hex, // likewise
        signer: row.signer as Hex, // likewise
      })),
  }
}
