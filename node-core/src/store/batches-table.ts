/** Which challenges were to go out together in one transaction; written before it is signed. */

import type { Hex } from '../base/hex.ts'
import type { ChallengeKey } from '../domain/challenge.ts'
import type { Db } from './database.ts'

/** `name` is the key of the batch's transaction; given up, the challenge goes alone from now on. */
export type BatchMembership = { readonly name: string; readonly isGivenUp: boolean }
type Item = ChallengeKey & { readonly salt: Hex }
export type BatchesTable = ReturnType<typeof createBatchesTable>

export function createBatchesTable(db: Db) {
  const join = db.prepare(`INSERT INTO batch_items (post_id, epoch, operator, salt, batch) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET batch = excluded.batch WHERE is_given_up = 0`)
  const of = db.prepare<[string, number, number, string], { batch: string; is_given_up: number }>(
    'SELECT batch, is_given_up FROM batch_items WHERE post_id = ? AND epoch = ? AND operator = ? AND salt = ?',
  )
  const leave =
    db.prepare(`INSERT INTO batch_items (post_id, epoch, operator, salt, batch, is_given_up) VALUES (?, ?, ?, ?, '', 1)
    ON CONFLICT DO UPDATE SET is_given_up = 1`)
  return {
    /** Before the transaction `name` is signed. An item leaves the batch that it was in, whose transaction is not on its way then. */
    join(name: string, items: readonly Item[]): void {
      db.transaction(() => {
        for (const { postId, epoch, operator, salt } of items) join.run(postId, epoch, operator, salt, name)
      })()
    },
    membership({ postId, epoch, operator, salt }: Item): BatchMembership | undefined {
      const row = of.get(postId, epoch, operator, salt)
      return row === undefined ? undefined : { name: row.batch, isGivenUp: row.is_given_up === 1 }
    },
    /** From now on these go alone. */
    leave(items: readonly Item[]): void {
      db.transaction(() => {
        for (const { postId, epoch, operator, salt } of items) leave.run(postId, epoch, operator, salt)
      })()
    },
  }
}
