/** Which challenges were to go out together in one transaction, written before it is signed, and what such a transaction says. */

import type { Hex } from '../base/hex.ts'
import type { ChallengeKey } from '../domain/challenge.ts'
import type { Db } from './database.ts'
import type { AnswerTimings } from './proofs-table.ts'

/** `name` is the key of the batch's transaction; given up, the challenge goes alone from now on. */
export type BatchMembership = { readonly name: string; readonly isGivenUp: boolean }
/** One challenge of a batch as `proveBatch` takes it. */
export type BatchItem = {
  readonly postId: Hex
  readonly y: bigint
  readonly inverse: bigint
  readonly points: Hex
  readonly paths: readonly Hex[]
}
/** `timings`: of each item, in their order. */
export type BatchOpeningRecord = {
  readonly items: readonly BatchItem[]
  readonly quotient: Hex
  readonly proof: Hex
  readonly timings: readonly AnswerTimings[]
}
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
  const keep = db.prepare('INSERT OR REPLACE INTO batch_openings (name, epoch, arguments, timings) VALUES (?, ?, ?, ?)')
  const opening = db.prepare<[string], { arguments: string; timings: string }>(
    'SELECT arguments, timings FROM batch_openings WHERE name = ?',
  )
  const trims = ['DELETE FROM batch_openings WHERE epoch < ?', 'DELETE FROM batch_items WHERE epoch < ?'].map(each =>
    db.prepare<[number]>(each),
  )
  return {
    keepOpening(name: string, epoch: number, { items, quotient, proof, timings }: BatchOpeningRecord): void {
      const written = items.map(each => ({ ...each, y: each.y.toString(), inverse: each.inverse.toString() }))
      keep.run(name, epoch, JSON.stringify({ items: written, quotient, proof }), JSON.stringify(timings))
    },
    opening: (name: string): BatchOpeningRecord | undefined => opening.all(name).map(toRecord)[0],
    /** Forgets what was made for epochs before this one. */
    trim(epoch: number): void {
      for (const each of trims) each.run(epoch)
    },
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

type WrittenItem = Omit<BatchItem, 'y' | 'inverse'> & { readonly y: string; readonly inverse: string }

function toRecord(row: { arguments: string; timings: string }): BatchOpeningRecord {
  // Both were written by `keepOpening` above.
  const { items, quotient, proof } = JSON.parse(row.arguments) as {
    items: WrittenItem[]
    quotient: Hex
    proof: Hex
  }
  return {
    items: items.map(each => ({ ...each, y: BigInt(each.y), inverse: BigInt(each.inverse) })),
    ...{ quotient, proof },
    timings: JSON.parse(row.timings) as AnswerTimings[],
  }
}
