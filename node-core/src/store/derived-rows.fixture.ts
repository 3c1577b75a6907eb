/** Everything in a store that came from the chain, for comparing two stores. */

import type { Db } from './database.ts'

/** Tables that hang on a block, and the blocks; found in the schema, so that a new table counts from its first day. */
export function derivedTables(db: Db): string[] {
  return db
    .prepare<[], { name: string }>(
      "SELECT DISTINCT m.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'block_hash' ORDER BY m.name",
    )
    .all()
    .map(row => row.name)
    .concat('blocks')
}

export function rowsOf(db: Db, tables: readonly string[]): Record<string, string[]> {
  const rows = (table: string): string[] => {
    const all: unknown[] = db.prepare(['SELECT * FROM', table].join(' ')).all()
    return all.map(row => JSON.stringify(row)).sort()
  }
  return Object.fromEntries(tables.map(table => [table, rows(table)]))
}
