import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import { processRef } from '../base/process-ref.ts'
import { lockDataDirectory } from './lock-data-directory.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'emerald-lock-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** Another process that holds the lock until it is killed. */
async function startOwner() {
  const script = `
    const { lockDataDirectory } = await import(${JSON.stringify(new URL('lock-data-directory.ts', import.meta.url).href)})
    lockDataDirectory(${JSON.stringify(directory)})
    process.stdout.write('locked')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return {
    pid: child.pid,
    async kill() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

test('a second process is refused and told who holds the directory', async () => {
  const owner = await startOwner()
  try {
    expect(() => lockDataDirectory(directory)).toThrow(
      expect.objectContaining({ code: 'DATA_DIR_LOCKED', data: { directory, pid: owner.pid } }),
    )
  } finally {
    await owner.kill()
  }
})

test('the lock of a killed process is taken over', async () => {
  const owner = await startOwner()
  await owner.kill()
  expect(existsSync(join(directory, 'node.lock'))).toBe(true)
  using _ = lockDataDirectory(directory)
  expect(JSON.parse(readFileSync(join(directory, 'node.lock'), 'utf8'))).toEqual(processRef(process.pid))
})

test('a lock whose pid belongs to another process by now is taken over', () => {
  writeFileSync(join(directory, 'node.lock'), JSON.stringify({ pid: process.pid, startedAt: 'long ago' }))
  using _ = lockDataDirectory(directory)
})

test('a lock that a crash left half written is taken over', () => {
  writeFileSync(join(directory, 'node.lock'), '{"pid":')
  using _ = lockDataDirectory(directory)
})

test('giving it back lets the next one in', () => {
  lockDataDirectory(directory)[Symbol.dispose]()
  expect(existsSync(join(directory, 'node.lock'))).toBe(false)
  using _ = lockDataDirectory(directory)
  expect(() => lockDataDirectory(directory)).toThrow(AppError)
})

test('the directory is made when it is not there', () => {
  using _ = lockDataDirectory(join(directory, 'a/b'))
  expect(existsSync(join(directory, 'a/b/node.lock'))).toBe(true)
})

test('a place that cannot be written is DATA_DIR_NOT_WRITABLE', () => {
  writeFileSync(join(directory, 'file'), '')
  for (const place of [join(directory, 'file'), join(directory, 'file/below')])
    expect(() => lockDataDirectory(place)).toThrow(
      expect.objectContaining({ code: 'DATA_DIR_NOT_WRITABLE', data: { directory: place } }),
    )
})
