import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError, isAppError } from '../base/app-error.ts'
import { openDatabase } from './database.ts'
import { MIGRATIONS } from './migrations.ts'
import { createTransactionsTable } from './transactions-table.ts'
import { schemaDifferences } from './verify-schema.ts'

let directory: string
let path: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'emerald-database-'))
  path = join(directory, 'node.sqlite')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function caught(work: () => unknown): AppError {
  try {
    work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

test('an empty file gets the newest schema, with foreign keys, WAL and a full flush at each commit', () => {
  const db = openDatabase(path)
  expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length)
  expect(db.pragma('foreign_keys', { simple: true })).toBe(1)
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
  expect(db.pragma('synchronous', { simple: true })).toBe(2)
  db.close()
  expect(schemaDifferences(path)).toEqual([])
})

test('a file of any earlier version is brought to the newest schema and keeps its rows and a copy', () => {
  for (let version = 1; version < MIGRATIONS.length; version += 1) {
    const old = join(directory, `old-${version}.sqlite`)
    const before = new Database(old)
    for (const migration of MIGRATIONS.slice(0, version)) before.exec(migration)
    before.pragma(`user_version = ${version}`)
    before
      .prepare("INSERT INTO contents (post_id, file_name, state, updated_at_ms) VALUES ('kept', 'yes', 'held', 0)")
      .run()
    before.close()
    const db = openDatabase(old)
    expect(db.prepare("SELECT file_name AS value FROM contents WHERE post_id = 'kept'").get()).toEqual({ value: 'yes' })
    db.close()
    expect(schemaDifferences(old)).toEqual([])
    const copy = new Database(`${old}.before-v${MIGRATIONS.length}`, { readonly: true })
    expect(copy.prepare('SELECT count(*) AS n FROM contents').get()).toEqual({ n: 1 })
    copy.close()
  }
})

test('transactions of version 3 keep their bytes as their first bid, and the mark of their receipt', () => {
  const before = new Database(path)
  for (const migration of MIGRATIONS.slice(0, 3)) before.exec(migration)
  before.pragma('user_version = 3')
  before.exec(`INSERT INTO blocks VALUES ('b7', 7, 'b6', 70, 1);
    INSERT INTO transactions (key, chain_id, sender, nonce, recipient, data, value_wei, raw, hash, created_at_ms) VALUES
      ('settled', 1, 's', 0, 'r', '0xd0', '5', '0xa0', 'h0', 1), ('waits', 1, 's', 1, 'r', '0xd1', '0', '0xa1', 'h1', 2);
    INSERT INTO receipts VALUES ('h0', 1, 100, '3', 7, 'b7')`)
  before.close()
  const db = openDatabase(path)
  const table = createTransactionsTable(db)
  const [waits, ...more] = table.pending('s', 1)
  expect(more).toEqual([])
  expect(waits).toMatchObject({ key: 'waits', nonce: 1, data: '0xd1', raw: '0xa1', hash: 'h1', isCancel: false })
  expect(table.bidsOf(waits?.id ?? 0)).toEqual([
    { raw: '0xa1', hash: 'h1', isCancel: false, outcome: 'accepted', madeAtBlock: 7 },
  ])
  expect(table.byKey('settled')).toMatchObject({ valueWei: 5n, raw: '0xa0', hash: 'h0', createdAtMs: 1 })
  expect(table.gasSpentWei()).toBe(300n)
  db.prepare('DELETE FROM blocks').run()
  expect(table.pending('s', 1).map(each => each.key)).toEqual(['settled', 'waits'])
  db.close()
  expect(schemaDifferences(path)).toEqual([])
})

test.each<[string, (file: string) => Buffer]>([
  ['a whole copy', file => readFileSync(file)],
  ['half a copy', file => readFileSync(file).subarray(0, statSync(file).size / 2)],
  ['other bytes', () => Buffer.from('cut short')],
])('a start that was cut short while it migrated and left %s does no harm to the next', (_, left) => {
  const before = new Database(path)
  before.exec(MIGRATIONS[0] ?? '')
  before.pragma('user_version = 1')
  before.prepare("INSERT INTO contents (post_id, state, updated_at_ms) VALUES ('kept', 'held', 0)").run()
  before.close()
  const copy = `${path}.before-v${MIGRATIONS.length}`
  for (const leftover of [copy, `${copy}.tmp`]) writeFileSync(leftover, left(path))
  const db = openDatabase(path)
  expect(db.prepare('SELECT post_id FROM contents').all()).toEqual([{ post_id: 'kept' }])
  db.close()
  const kept = new Database(copy, { readonly: true })
  expect(kept.pragma('user_version', { simple: true })).toBe(1)
  expect(kept.prepare('SELECT post_id FROM contents').all()).toEqual([{ post_id: 'kept' }])
  kept.close()
  expect(readdirSync(directory).filter(name => name.includes('tmp') || name.includes('damaged'))).toEqual([])
})

test('a copy that cannot be made stops the start and leaves the file where it is', () => {
  const before = new Database(path)
  before.exec(MIGRATIONS[0] ?? '')
  before.pragma('user_version = 1')
  before.close()
  mkdirSync(join(directory, `node.sqlite.before-v${MIGRATIONS.length}.tmp`))
  expect(() => openDatabase(path)).toThrow()
  expect(readdirSync(directory).filter(name => name.includes('damaged'))).toEqual([])
  const after = new Database(path, { readonly: true })
  expect(after.pragma('user_version', { simple: true })).toBe(1)
  after.close()
})

test('opening an up-to-date file again changes nothing and makes no copy', () => {
  openDatabase(path).close()
  openDatabase(path).close()
  expect(readdirSync(directory).filter(name => name.includes('before'))).toEqual([])
})

test('a schema changed by hand is told object by object', () => {
  const db = openDatabase(path)
  db.exec(
    'DROP INDEX idx_posts_order; CREATE TABLE guest (id INTEGER); DROP INDEX idx_jobs_started; CREATE INDEX idx_jobs_started ON jobs (kind)',
  )
  db.close()
  expect(schemaDifferences(path).sort()).toEqual([
    'index idx_jobs_started differs',
    'index idx_posts_order is missing',
    'table guest is not in the migrations',
  ])
})

test('a file of a newer version is refused and left as it is', () => {
  const db = openDatabase(path)
  db.pragma(`user_version = ${MIGRATIONS.length + 1}`)
  db.close()
  const before = readFileSync(path)
  const error = caught(() => openDatabase(path))
  expect(error).toMatchObject({
    code: 'DATABASE_TOO_NEW',
    data: { found: MIGRATIONS.length + 1, known: MIGRATIONS.length },
  })
  expect(readFileSync(path).equals(before)).toBe(true)
})

test('a file that is no database is set aside, and the next start begins afresh', () => {
  writeFileSync(path, 'this was never a database, whatever its name says. '.repeat(100))
  const error = caught(() => openDatabase(path))
  expect(error.code).toBe('DATABASE_CORRUPT')
  const aside = String(error.data.asidePath)
  expect(readFileSync(aside, 'utf8')).toContain('never a database')
  expect(existsSync(path)).toBe(false)
  openDatabase(path).close()
  expect(existsSync(aside)).toBe(true)
})

test('a damaged page is found at start, and the WAL goes aside with its file', () => {
  const db = openDatabase(path)
  const insert = db.prepare("INSERT INTO contents (post_id, file_name, state, updated_at_ms) VALUES (?, ?, 'held', 0)")
  for (let at = 0; at < 2_000; at += 1) insert.run(`name-${at}`, 'x'.repeat(100))
  db.pragma('wal_checkpoint(TRUNCATE)')
  insert.run('only in the WAL', 'yes')
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(20 * 4_096, 0xff), 0, 20 * 4_096, 20 * 4_096)
  closeSync(file)
  // The first connection stays open, as a process that was killed leaves it: the last one to close would empty the WAL.
  const error = caught(() => openDatabase(path))
  expect(error.code).toBe('DATABASE_CORRUPT')
  const aside = String(error.data.asidePath)
  expect([aside, `${aside}-wal`, path, `${path}-wal`].map(each => existsSync(each))).toEqual([true, true, false, false])
  expect(readFileSync(`${aside}-wal`).includes('only in the WAL')).toBe(true)
  db.close()
})

test('a file cut short is found at start', () => {
  const db = openDatabase(path)
  const insert = db.prepare("INSERT INTO contents (post_id, file_name, state, updated_at_ms) VALUES (?, ?, 'held', 0)")
  for (let at = 0; at < 2_000; at += 1) insert.run(`name-${at}`, 'x'.repeat(100))
  db.close()
  truncateSync(path, 10 * 4096)
  expect(
    isAppError(
      caught(() => openDatabase(path)),
      'DATABASE_CORRUPT',
    ),
  ).toBe(true)
})

test('a directory in place of the file is DATA_DIR_NOT_WRITABLE, and nothing is set aside', () => {
  const error = caught(() => openDatabase(directory))
  expect(error).toMatchObject({ code: 'DATA_DIR_NOT_WRITABLE' })
  expect(readdirSync(directory)).toEqual([])
})

test('a transaction that a killed process had not committed is gone, and what it had committed is there', () => {
  openDatabase(path).close()
  const script = `
    const Database = require('better-sqlite3')
    const db = new Database(${JSON.stringify(path)})
    db.exec("INSERT INTO contents (post_id, file_name, state, updated_at_ms) VALUES ('committed', 'yes', 'held', 0)")
    db.exec("BEGIN; INSERT INTO contents (post_id, file_name, state, updated_at_ms) VALUES ('open', 'yes', 'held', 0)")
    process.kill(process.pid, 'SIGKILL')`
  const { signal } = spawnSync(process.execPath, ['-e', script], { cwd: import.meta.dirname, timeout: 20_000 })
  expect(signal).toBe('SIGKILL')
  const db = openDatabase(path)
  expect(db.prepare('SELECT post_id AS name FROM contents').all()).toEqual([{ name: 'committed' }])
  db.close()
})
