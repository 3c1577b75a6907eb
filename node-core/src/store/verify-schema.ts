/** Compares a database's schema with the one that the migrations make, object by object. */

import Database from 'better-sqlite3'
import { MIGRATIONS } from './migrations.ts'
import { translateSqliteError } from './sqlite-errors.ts'

type SchemaRow = { type: string; name: string; sql: string | null }

/** @returns a sentence for each difference; empty when there is none. @throws AppError DATABASE_CORRUPT */
export function schemaDifferences(path: string): string[] {
  const expected = new Database(':memory:')
  let found: Database.Database | undefined
  try {
    for (const sql of MIGRATIONS) expected.exec(sql)
    found = new Database(path, { readonly: true })
    return compare(schemaOf(expected), schemaOf(found))
  } catch (error) {
    throw translateSqliteError(error, 'verify')
  } finally {
    expected.close()
    found?.close()
  }
}

/** SQLite's own bookkeeping and automatic indexes are left out; white space doesn't count. */
function schemaOf(db: Database.Database): Map<string, string> {
  const rows = db
    .prepare<[], SchemaRow>("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
    .all()
  return new Map(rows.map(row => [`${row.type} ${row.name}`, (row.sql ?? '').replaceAll(/\s+/g, ' ')]))
}

function compare(expected: Map<string, string>, found: Map<string, string>): string[] {
  const missing = [...expected.keys()].filter(name => !found.has(name)).map(name => `${name} is missing`)
  const extra = [...found.keys()].filter(name => !expected.has(name)).map(name => `${name} is not in the migrations`)
  const changed = [...expected]
    .filter(([name, sql]) => found.has(name) && found.get(name) !== sql)
    .map(([name]) => `${name} differs`)
  return [...missing, ...extra, ...changed]
}
