/** `emerald demo` with each of its faults: what should hold still does, and what should be punished is. */

import { expect, test } from 'vitest'
import { type DemoReport, demoReport } from '../src/contract/cli.ts'
import { runCommand } from './support/command.ts'
import { createTempHome } from './support/temp-home.ts'

async function runFault(...fault: string[]): Promise<DemoReport> {
  await using home = createTempHome()
  const { code, json, stderr } = await runCommand(['demo', '--epochs', '1', '--json', ...fault], { home: home.path })
  const report = demoReport.parse(json)
  expect({ code, stderr, failures: report.failures }).toEqual({ code: 0, stderr: expect.anything(), failures: [] })
  return report
}

test('with --miss exactly the missing operator is reported and slashed', async () => {
  const report = await runFault('--miss')
  expect(report).toMatchObject({ ok: true, attested: 1, challenges: 3, proven: 2, missed: 1, slashed: 1, escalated: 1 })
})

test('after a miss one epoch asks for more blobs, and the next is as before', async () => {
  const report = await runFault('--miss', '--blobs', '20', '--operators', '3', '--epochs', '3')
  expect(report).toMatchObject({ ok: true, challenges: 9, proven: 8, missed: 1, slashed: 1, escalated: 1 })
})

test('with --reorg every challenge is proven on the branch that stays', async () => {
  const report = await runFault('--reorg', '3')
  expect(report).toMatchObject({ ok: true, challenges: 3, proven: 3, missed: 0, slashed: 0, reorgs: 1 })
})

test('with --corrupt the operator repairs its damaged block from a peer before it attests', async () => {
  const report = await runFault('--corrupt')
  expect(report).toMatchObject({ ok: true, challenges: 3, proven: 3, missed: 0, slashed: 0 })
  expect(report.corrupt).toEqual({ operator: 0, outcome: 'repaired' })
})
