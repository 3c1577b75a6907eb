// docs/pitfalls.md names tests that exist, and every numbered row is named by a test of its own.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const document = read('docs/pitfalls.md')
const ROWS = 43

type NamedTest = { readonly path: string; readonly name: string }

/** `File.t.sol::function` in contracts/test, or `path/to/file.test.ts::sentence` anywhere. */
function testsIn(text: string): NamedTest[] {
  return [...text.matchAll(/`([^`\s]+\.(?:sol|ts))::([^`]+)`/g)].map(([, file = '', name = '']) => ({
    path: file.endsWith('.sol') ? `contracts/test/${file}` : file,
    name,
  }))
}

function isThere({ path, name }: NamedTest): boolean {
  if (!existsSync(join(root, path))) return false
  return read(path).includes(path.endsWith('.sol') ? `function ${name}(` : `'${name}'`)
}

/** Whether a comment of the file says "Pitfall 6", or "Pitfalls 4, 6 and 9". */
function namesRow(source: string, row: number): boolean {
  return [...source.matchAll(/Pitfalls? ((?:\d+(?:, | and )?)+)/g)].some(([, numbers = '']) =>
    numbers.split(/, | and /).includes(String(row)),
  )
}

const rows = new Map([...document.matchAll(/^\| (\d+) \|(.*)$/gm)].map(([, row, text = '']) => [Number(row), text]))

test('every test that the document names exists', () => {
  const named = testsIn(document)
  expect(named.length).toBeGreaterThan(ROWS)
  expect(named.filter(each => !isThere(each))).toEqual([])
})

test('every row has its line, and a file among its tests that names the row', () => {
  const expected = Array.from({ length: ROWS }, (_, i) => i + 1)
  expect([...rows.keys()].sort((a, b) => a - b)).toEqual(expected)
  const unnamed = expected.filter(row => !testsIn(rows.get(row) ?? '').some(({ path }) => namesRow(read(path), row)))
  expect(unnamed).toEqual([])
})

/** Pitfall 8: what is not proven is said where people look for what is. */
test('the documents say that copies are not proven', () => {
  expect(read('docs/protocol.md').replace(/\s+/g, ' ')).toContain(
    'It does not prove that each operator keeps a copy of its own, nor that the bytes were not fetched just in time.',
  )
  expect(read('docs/threat-model.md').replace(/\s+/g, ' ')).toContain('one holder can answer for all')
  for (const path of ['README.md', 'docs/protocol.md', 'docs/threat-model.md', 'renderer/src/locales/en.json'])
    expect(read(path), path).not.toMatch(/proof[- ]of[- ]replication|proves? (?:separate )?replicas?/i)
})
