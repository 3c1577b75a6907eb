/** What SQLite's error codes mean for the node: one table. */

import { AppError } from '../base/app-error.ts'
import type { ErrorCode } from '../contract/error-codes.ts'

/** Keyed by the primary result code (sqlite.org/rescode.html); extended codes start with it. */
const CODE_OF: readonly (readonly [string, ErrorCode])[] = [
  ['SQLITE_BUSY', 'DATABASE_BUSY'],
  ['SQLITE_LOCKED', 'DATABASE_BUSY'],
  ['SQLITE_FULL', 'DATABASE_FULL'],
  ['SQLITE_IOERR', 'DATABASE_FULL'],
  ['SQLITE_READONLY', 'DATABASE_FULL'],
  ['SQLITE_CANTOPEN', 'DATA_DIR_NOT_WRITABLE'],
  ['SQLITE_CORRUPT', 'DATABASE_CORRUPT'],
  ['SQLITE_NOTADB', 'DATABASE_CORRUPT'],
]

/** Anything that is not SQLite's comes back unchanged. */
export function translateSqliteError(error: unknown, operation: string): unknown {
  const sqliteCode = sqliteCodeOf(error)
  if (sqliteCode === undefined) return error
  const code = CODE_OF.find(([prefix]) => sqliteCode.startsWith(prefix))?.[1] ?? 'DATABASE_ERROR'
  return new AppError(code, { operation, sqliteCode }, { cause: error })
}

function sqliteCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return error.code.startsWith('SQLITE_') ? error.code : undefined
}
