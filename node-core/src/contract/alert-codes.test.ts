import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ALERT_CODES } from './alert-codes.ts'

test('docs/alerts.md tells of every alert, with its kind, and of no other', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/alerts.md'), 'utf8')
  const rows = [...text.matchAll(/^\| `([A-Z_]+)` \| (\w+) \|/gm)].map(([, code, kind]) => [code, kind])
  const codes = Object.entries(ALERT_CODES).map(([code, { kind }]) => [code, kind])
  expect(rows.sort()).toEqual(codes.sort())
})
