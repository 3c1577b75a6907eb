/** Whether a stopped node's derived tables are what a fresh sync of the same chain has. */

import { join } from 'node:path'
import { derivedTables, rowsOf } from '../src/store/derived-rows.fixture.ts'
import { openStore } from '../src/store/store.ts'
import type { FreshSync } from './fresh-sync.ts'

/** Receipts hang on a block, but only whoever sent the transactions asks for them. */
const OWN = new Set(['receipts', 'blocks'])

/** @returns a sentence for each table that differs. */
export function checkRows(dataDirectory: string, fresh: FreshSync): string[] {
  using store = openStore(join(dataDirectory, 'node', 'node.sqlite'))
  const tables = derivedTables(store.db).filter(table => !OWN.has(table))
  const [held, wanted] = [rowsOf(store.db, tables), rowsOf(fresh.store.db, tables)]
  const head = store.blocks.head()
  const behind =
    head?.hash === fresh.store.blocks.head()?.hash
      ? []
      : [`the node stands at ${head?.number}, the chain at ${fresh.head}`]
  const different = tables.flatMap(table => {
    const [have, want] = [held[table] ?? [], wanted[table] ?? []]
    const more = have.filter(row => !want.includes(row))
    const missing = want.filter(row => !have.includes(row))
    if (more.length === 0 && missing.length === 0) return []
    return [
      `${table} differs from a fresh sync: more ${more.slice(0, 3).join()}; missing ${missing.slice(0, 3).join()}`,
    ]
  })
  return [...behind, ...different]
}
