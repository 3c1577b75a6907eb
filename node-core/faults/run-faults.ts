/**
 * The fault suite: real nodes on real chains, damaged again and again, and what must hold afterwards.
 *
 *   npm run test:faults -- [--seed N] [--only kill,reorg,…] [--count N]
 *
 * Every choice comes from the seed; `docs/faults.md` says what is done and what must hold.
 */

import { randomInt } from 'node:crypto'
import { inspect, parseArgs } from 'node:util'
import { shiftClock } from './clock.ts'
import { spoilDisk } from './disk.ts'
import { killAtAnyTime } from './kill.ts'
import { bearLoad } from './load.ts'
import { createRandom, SEEDS } from './random.ts'
import { reorgAtAnyDepth } from './reorg.ts'
import { breakEndpoints } from './rpc.ts'
import type { Outcome, Scenario } from './scenario.ts'
import { soak } from './soak.ts'
import { troubleTransactions } from './transactions.ts'

/** With the counts of a full run. */
const SCENARIOS: Readonly<Record<string, { readonly run: Scenario; readonly count: number }>> = {
  kill: { run: killAtAnyTime, count: 200 },
  reorg: { run: reorgAtAnyDepth, count: 100 },
  rpc: { run: breakEndpoints, count: 60 },
  transactions: { run: troubleTransactions, count: 100 },
  clock: { run: shiftClock, count: 40 },
  disk: { run: spoilDisk, count: 20 },
  soak: { run: soak, count: 10_000 },
  load: { run: bearLoad, count: 200 },
}

const { values } = parseArgs({
  options: { seed: { type: 'string' }, only: { type: 'string' }, count: { type: 'string' } },
})
const seed = values.seed === undefined ? randomInt(SEEDS) : wholeNumber('--seed', values.seed, 0)
const names = values.only?.split(',') ?? Object.keys(SCENARIOS)
const asked = values.count === undefined ? undefined : wholeNumber('--count', values.count, 1)
for (const name of names)
  if (!Object.hasOwn(SCENARIOS, name)) fail(`no scenario ${name}: ${Object.keys(SCENARIOS).join()}`)

say(`seed ${seed}`)
let isBroken = false
for (const name of names) {
  const scenario = SCENARIOS[name]
  if (scenario !== undefined) isBroken = !(await runOne(name, scenario.run, asked ?? scenario.count)) || isBroken
}
process.exitCode = isBroken ? 1 : 0

async function runOne(name: string, run: Scenario, count: number): Promise<boolean> {
  say(`${name}: ${count}`)
  const startedAt = Date.now()
  // The name goes into the seed, so that a scenario makes the same choices alone as among the others.
  const { done, failures } = await run({ random: createRandom(seed).fork(name), count, say }).catch(
    (error: unknown): Outcome => ({
      done: {},
      failures: [inspect(error)],
    }),
  )
  const counts = Object.entries(done).map(([what, number]) => `${what} ${number}`)
  const seconds = Math.round((Date.now() - startedAt) / 1_000)
  say(`${name}: ${failures.length === 0 ? 'held' : 'DID NOT HOLD'} in ${seconds} s; ${counts.join(', ')}`)
  for (const failure of failures) say(`  ${failure}`)
  if (failures.length > 0) say(`  again with: npm run test:faults -- --seed ${seed} --only ${name} --count ${count}`)
  return failures.length === 0
}

function wholeNumber(name: string, text: string, least: number): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < least || number >= SEEDS)
    fail(`${name} must be a whole number from ${least} to ${SEEDS - 1}`)
  return number
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}
