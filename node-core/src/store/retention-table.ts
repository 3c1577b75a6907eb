/** Since when posts whose content is here are over. Not of the chain: a reorg that brings one back is seen at the next look. */

import type { Db } from './database.ts'

export type RetentionTable = ReturnType<typeof createRetentionTable>

export function createRetentionTable(db: Db) {
  const put = db.prepare('INSERT OR IGNORE INTO retention (post_id, over_since_ms) VALUES (?, ?)')
  const one = db.prepare<[string], { over_since_ms: number }>('SELECT over_since_ms FROM retention WHERE post_id = ?')
  const remove = db.prepare('DELETE FROM retention WHERE post_id = ?')
  const keepOnly = db.prepare('DELETE FROM retention WHERE post_id NOT IN (SELECT value FROM json_each(?))')
  return {
    /** The first time stands. @returns it, in milliseconds since the unix epoch. */
    overSince(postId: string, nowMs: number): number {
      put.run(postId, nowMs)
      return one.get(postId)?.over_since_ms ?? nowMs
    },
    remove: (postId: string): void => void remove.run(postId),
    /** Forgets the times of all others. */
    keepOnly: (postIds: readonly string[]): void => void keepOnly.run(JSON.stringify(postIds)),
  }
}
