// forge ends as it found things: the exit code is what the checks of the contracts go by.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'emerald-forge-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function formatCheckOf(source: string): number | null {
  const file = join(folder, 'Empty.sol')
  writeFileSync(file, source)
  const forge = join(import.meta.dirname, 'run-forge.mjs')
  return spawnSync(process.execPath, [forge, 'fmt', '--check', file], { cwd: folder }).status
}

test('a check that finds nothing ends with 0', () => {
  expect(formatCheckOf('contract Empty {}\n')).toBe(0)
})

test('a check that finds something does not', () => {
  expect(formatCheckOf('contract   Empty {  }\n')).toBe(1)
})
