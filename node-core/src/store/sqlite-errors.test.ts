import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { translateSqliteError } from './sqlite-errors.ts'

let directory: string
let path: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'emerald-sqlite-'))
  path = join(directory, 'a.sqlite')
})
afterEach(() => {
  chmodSync(directory, 0o700)
  rmSync(directory, { recursive: true, force: true })
})

/** What the work throws, translated; everything here makes SQLite fail for real. */
function failureOf(work: () => void): unknown {
  try {
    work()
  } catch (error) {
    return translateSqliteError(error, 'test')
  }
  throw new Error('nothing was thrown')
}

test('another connection that holds the write lock is DATABASE_BUSY', () => {
  using first = open()
  using second = open({ timeout: 0 })
  first.db.exec('CREATE TABLE t (a INTEGER); BEGIN IMMEDIATE')
  const error = failureOf(() => second.db.exec('INSERT INTO t VALUES (1)'))
  expect(error).toMatchObject({ code: 'DATABASE_BUSY', data: { operation: 'test', sqliteCode: 'SQLITE_BUSY' } })
})

test('a file at its size limit is DATABASE_FULL', () => {
  using file = open()
  file.db.exec('CREATE TABLE t (a BLOB)')
  file.db.pragma('max_page_count = 4')
  const error = failureOf(() => file.db.prepare('INSERT INTO t VALUES (zeroblob(100000))').run())
  expect(error).toMatchObject({ code: 'DATABASE_FULL', data: { sqliteCode: 'SQLITE_FULL' } })
})

test('writing to a file opened for reading is DATABASE_FULL: it cannot be written', () => {
  open()[Symbol.dispose]()
  using file = open({ readonly: true })
  const error = failureOf(() => file.db.exec('CREATE TABLE t (a)'))
  expect(error).toMatchObject({
    code: 'DATABASE_FULL',
    data: { sqliteCode: expect.stringMatching(/^SQLITE_READONLY/) },
  })
})

test('a directory in place of the file is DATA_DIR_NOT_WRITABLE', () => {
  const error = failureOf(() => new Database(directory).pragma('user_version'))
  expect(error).toMatchObject({ code: 'DATA_DIR_NOT_WRITABLE' })
})

test('a file of other bytes is DATABASE_CORRUPT', () => {
  writeFileSync(path, 'x'.repeat(4_096))
  using file = open()
  const error = failureOf(() => file.db.pragma('user_version'))
  expect(error).toMatchObject({ code: 'DATABASE_CORRUPT', data: { sqliteCode: 'SQLITE_NOTADB' } })
})

test('a broken rule of a table is DATABASE_ERROR with the code that says which kind', () => {
  using file = open()
  file.db.exec('CREATE TABLE t (a INTEGER PRIMARY KEY) STRICT; INSERT INTO t VALUES (1)')
  const error = failureOf(() => file.db.exec('INSERT INTO t VALUES (1)'))
  expect(error).toMatchObject({ code: 'DATABASE_ERROR', data: { sqliteCode: 'SQLITE_CONSTRAINT_PRIMARYKEY' } })
})

/** SQLite's codes that no test can bring about without breaking the disk. */
test.each([
  ['SQLITE_LOCKED_SHAREDCACHE', 'DATABASE_BUSY'],
  ['SQLITE_BUSY_SNAPSHOT', 'DATABASE_BUSY'],
  ['SQLITE_IOERR_WRITE', 'DATABASE_FULL'],
  ['SQLITE_READONLY_DIRECTORY', 'DATABASE_FULL'],
  ['SQLITE_CANTOPEN_FULLPATH', 'DATA_DIR_NOT_WRITABLE'],
  ['SQLITE_CORRUPT_INDEX', 'DATABASE_CORRUPT'],
  ['SQLITE_MISUSE', 'DATABASE_ERROR'],
])('%s is %s', (sqliteCode, code) => {
  const error = Object.assign(new Error('no'), { code: sqliteCode })
  expect(translateSqliteError(error, 'op')).toMatchObject({ code, data: { operation: 'op', sqliteCode }, cause: error })
})

test('what is not of SQLite comes back as it is', () => {
  for (const error of [new Error('mine'), Object.assign(new Error('file'), { code: 'ENOSPC' }), 'text', undefined])
    expect(translateSqliteError(error, 'op')).toBe(error)
})

function open(options: Database.Options = {}) {
  const db = new Database(path, options)
  return { db, [Symbol.dispose]: () => void db.close() }
}
