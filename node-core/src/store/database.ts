/** Opens the node's SQLite file: checked, migrated, and set aside when it is damaged. */

import { existsSync, renameSync } from 'node:fs'
import Database from 'better-sqlite3'
import { AppError, isAppError } from '../base/app-error.ts'
import { MIGRATIONS } from './migrations.ts'
import { translateSqliteError } from './sqlite-errors.ts'

export type Db = Database.Database

/**
 * @param path a file, or `:memory:`.
 * @throws AppError DATABASE_CORRUPT {asidePath} after moving a damaged file (with its WAL) aside; the next open starts afresh.
 * @throws AppError DATABASE_TOO_NEW {found, known} · DATABASE_FULL · DATABASE_BUSY
 */
export function openDatabase(path: string): Db {
  try {
    return openChecked(path)
  } catch (error) {
    if (isAppError(error, 'DATABASE_CORRUPT'))
      throw new AppError('DATABASE_CORRUPT', { path, asidePath: setAside(path) }, { cause: error })
    throw error
  }
}

function openChecked(path: string): Db {
  let db: Db | undefined
  try {
    db = new Database(path, { timeout: 2_000 })
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    const integrity = db.pragma('quick_check(1)', { simple: true })
    if (integrity !== 'ok') throw new AppError('DATABASE_CORRUPT', { reason: String(integrity) })
    migrate(db, path)
    return db
  } catch (error) {
    db?.close()
    throw translateSqliteError(error, 'open')
  }
}

/** Each migration runs once, in a transaction of its own, after an online copy of a file that holds data already. */
function migrate(db: Db, path: string): void {
  const version = Number(db.pragma('user_version', { simple: true }))
  if (version > MIGRATIONS.length) throw new AppError('DATABASE_TOO_NEW', { found: version, known: MIGRATIONS.length })
  if (version > 0 && version < MIGRATIONS.length && path !== ':memory:')
    db.prepare('VACUUM INTO ?').run(`${path}.before-v${MIGRATIONS.length}`)
  for (const [position, sql] of MIGRATIONS.entries()) {
    if (position < version) continue
    db.transaction(() => {
      db.exec(sql)
      db.pragma(`user_version = ${position + 1}`)
    })()
  }
}

/** @returns the new path of the damaged file; its WAL goes along. */
function setAside(path: string): string {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-')
  const aside = `${path}.damaged-${stamp}`
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${aside}${suffix}`)
  }
  return aside
}
