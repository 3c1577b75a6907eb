/** Single values that the node keeps across restarts: which chain its tables describe, and the like. */

import type { Db } from './database.ts'

export type MetaTable = ReturnType<typeof createMetaTable>

export function createMetaTable(db: Db) {
  const get = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE name = ?')
  const set = db.prepare(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )
  return {
    get: (name: string): string | undefined => get.get(name)?.value,
    set: (name: string, value: string): void => void set.run(name, value),
  }
}
