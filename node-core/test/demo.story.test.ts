/** `emerald demo`: the whole story on a throwaway chain. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { demoReport } from '../src/contract/cli.ts'
import { runCommand } from './support/command.ts'
import { createTempHome } from './support/temp-home.ts'

test('publishes, attests and proves three epochs of challenges in under a minute', async () => {
  await using home = createTempHome()
  const { code, json, stderr } = await runCommand(
    ['demo', '--blobs', '3', '--operators', '3', '--epochs', '3', '--json'],
    { home: home.path },
  )
  const report = demoReport.strict().parse(json)
  expect(report).toMatchObject({
    ok: true,
    chainId: 31_337,
    posts: 1,
    blobs: 3,
    operators: 3,
    epochs: 3,
    attested: 1,
    challenges: 9,
    proven: 9,
    missed: 0,
    slashed: 0,
    escalated: 0,
    reorgs: 0,
    corrupt: null,
    failures: [],
  })
  expect(report.gas.proveOne).toBeNull()
  expect(report.gas.proveFold).toBeGreaterThan(50_000)
  expect(report.proveMs?.p95).toBeGreaterThanOrEqual(report.proveMs?.median ?? Number.POSITIVE_INFINITY)
  expect(report.seconds).toBeLessThan(60)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

test('of one blob every challenge is on that blob alone', async () => {
  await using home = createTempHome()
  const asked = ['demo', '--blobs', '1', '--operators', '2', '--epochs', '1', '--json']
  const { json } = await runCommand(asked, { home: home.path })
  const report = demoReport.parse(json)
  expect(report).toMatchObject({ ok: true, blobs: 1, challenges: 2, proven: 2, failures: [] })
  expect(report.gas.proveOne).toBeGreaterThan(50_000)
  expect(report.gas.proveFold).toBeNull()
})

test('tells the story of a given file, and says in words how it went', async () => {
  await using home = createTempHome()
  const file = join(home.path, 'report.csv')
  writeFileSync(file, 'asset,tons\n'.padEnd(130_000, 'kelp,1\n'))
  const { code, stdout } = await runCommand(['demo', '--file', file, '--epochs', '1', '--operators', '2'], {
    home: home.path,
  })
  expect(stdout).toContain('1 of 1 post attested (2 blobs) by 2 operators')
  expect(stdout).toContain('2 of 2 challenges proven in 1 epochs, 0 missed, 0 slashed')
  expect(stdout).toMatch(/All held after [\d.]+ s\.\n$/)
  expect(code).toBe(0)
})
