/** Opens the node's SQLite file: checked, migrated, and set aside when it is damaged. */

import { existsSync, renameSync, rmSync } from 'node:fs'
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
  const db = settingAside(path, () => open(path))
  closingOnFailure(db, () => copyBeforeMigration(db, path))
  settingAside(path, () => closingOnFailure(db, () => migrate(db)))
  return db
}

function settingAside<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const translated = translateSqliteError(error, 'open')
    if (isAppError(translated, 'DATABASE_CORRUPT'))
      throw new AppError('DATABASE_CORRUPT', { path, asidePath: setAside(path) }, { cause: translated })
    throw translated
  }
}

function closingOnFailure(db: Db, work: () => void): void {
  try {
    work()
  } catch (error) {
    db.close()
    throw error
  }
}

function open(path: string): Db {
  const db = new Database(path, { timeout: 2_000 })
  closingOnFailure(db, () => {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    const integrity = db.pragma('quick_check(1)', { simple: true })
    if (integrity !== 'ok') throw new AppError('DATABASE_CORRUPT', { reason: String(integrity) })
    const [found, known] = [versionOf(db), MIGRATIONS.length]
    if (found > known) throw new AppError('DATABASE_TOO_NEW', { found, known })
  })
  return db
}

const versionOf = (db: Db): number => Number(db.pragma('user_version', { simple: true }))

/** An online copy of a file that holds data already. It has its name only once it is whole: what a start cut short left goes first. */
function copyBeforeMigration(db: Db, path: string): void {
  if (path === ':memory:' || versionOf(db) === 0 || versionOf(db) === MIGRATIONS.length) return
  const copy = `${path}.before-v${MIGRATIONS.length}`
  try {
    for (const leftover of [`${copy}.tmp`, `${copy}.tmp-journal`]) rmSync(leftover, { force: true })
    db.prepare('VACUUM INTO ?').run(`${copy}.tmp`)
    renameSync(`${copy}.tmp`, copy)
  } catch (error) {
    const translated = translateSqliteError(error, 'copy')
    // What SQLite calls damaged here is the copy: the file itself was just found whole, and stays where it is.
    if (isAppError(translated, 'DATABASE_CORRUPT'))
      throw new AppError('DATABASE_ERROR', translated.data, { cause: error })
    throw translated
  }
}

/** Each migration runs once, in a transaction of its own. */
function migrate(db: Db): void {
  const version = versionOf(db)
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
