/** A large archive in a process of its own: what it costs, and what a kill leaves of it. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { MIB, openTestNode, temporaryFolder } from './block-node.fixture.ts'
import { exportCar } from './export-car.ts'
import { importCar } from './import-car.ts'
import { hasContent } from './read-content.ts'

const FIXTURE = path.join(import.meta.dirname, 'car-process.fixture.ts')

async function start(mebibytes: number) {
  const [from, to] = [await temporaryFolder(), await temporaryFolder()]
  const child = spawn(process.execPath, [FIXTURE, from, to, String(mebibytes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, from, to, lines: createInterface({ input: child.stdout }) }
}

test('a large archive goes out and comes in with hardly more memory than a file', { timeout: 120_000 }, async () => {
  const { child, lines } = await start(96)
  const exited = once(child, 'exit')
  let last: { readonly cid?: string; readonly roots?: readonly string[]; readonly extraBytes?: number } = {}
  for await (const line of lines) last = JSON.parse(line)
  expect(await exited).toEqual([0, null])
  expect(last.roots).toEqual([last.cid])
  expect(last.extraBytes).toBeLessThan(30 * MIB)
})

test('killed midway, an import leaves no pin and no half block, and works the next time', {
  timeout: 120_000,
}, async () => {
  const { child, from, to, lines } = await start(48)
  for await (const line of lines) if (JSON.parse(line).bytes >= 12 * MIB) break
  child.kill('SIGKILL')
  await once(child, 'exit')

  const [source, target] = [await openTestNode(from), await openTestNode(to)]
  expect(target.pins.list()).toEqual([])
  expect(await readdir(path.join(to, 'tmp'))).toEqual([])
  const [cid = ''] = source.pins.list()
  const imported = await importCar(target, exportCar(source, cid), { maxBytes: 100 * MIB })
  expect(imported).toMatchObject({ roots: [cid], blocks: 49 })
  expect(await hasContent(target, cid)).toBe(true)
  expect(target.damaged).toEqual([])
})
