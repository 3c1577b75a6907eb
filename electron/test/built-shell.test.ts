import { execFile } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { makeBundle, makeTempDir } from './load-shell.ts'

const electronDir = join(import.meta.dirname, '..')
const viteBin = join(electronDir, '../node_modules/electron-vite/bin/electron-vite.js')
const run = promisify(execFile)

test('the built shell opens the real engine, serves it to its page, and leaves nothing behind', {
  timeout: 180_000,
}, async () => {
  await run(process.execPath, [viteBin, 'build'], { cwd: electronDir, timeout: 60_000 })
  const dir = makeTempDir()
  cpSync(makeBundle(), join(dir, 'app/renderer'), { recursive: true })
  const driver = join(import.meta.dirname, 'drive-built-shell.ts')
  const { stdout } = await run(process.execPath, [driver, join(dir, 'app'), dir], {
    env: { ...process.env, EMERALD_HOME: join(dir, 'home'), EMERALD_PORT: '0', LOG_LEVEL: 'warn' },
    timeout: 110_000,
  })
  const report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  expect(report).toMatchObject({
    facts: { profile: 'demo', chainId: 31337 },
    title: expect.stringMatching(/^Emerald Node .*Demo/),
    closingTitle: expect.stringContaining('finishing open duties'),
    exitCode: 0,
    errors: [],
  })
  if (report.childrenBefore === null) return
  expect(report.childrenBefore).not.toHaveLength(0)
  expect(report.childrenAfter).toEqual([])
})
