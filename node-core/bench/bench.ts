/** Measures the node's figures beside their baselines in one run and prints them as a Markdown table: `npm run bench -- [--json FILE] [--turns N]`. */

import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { openProverPool } from '../src/kzg/prover-pool.ts'
import { type Baseline, openBaseline } from './baseline.ts'
import { catchUp } from './catch-up-row.ts'
import {
  type Bench,
  batchOfSixteen,
  foldedChallenge,
  ingest,
  oneBlobChallenge,
  oneCommitment,
  scaling,
} from './kzg-rows.ts'
import { measureNode } from './node-rows.ts'
import { type Row, toMarkdown } from './row.ts'

const { values } = parseArgs({ options: { json: { type: 'string' }, turns: { type: 'string', default: '15' } } })
const turns = Number(values.turns)
if (!Number.isInteger(turns) || turns < 1) throw new RangeError('--turns must be a whole number from 1 on')

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  platform: process.platform,
  node: process.version,
}
const rows = [...(await measureProver()), await catchUp(turns), ...(await measureNode(turns, machine.cores))]
console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; medians of turns taken in one run.\n`)
console.log(toMarkdown(rows))
if (values.json !== undefined) {
  writeFileSync(
    values.json,
    `${JSON.stringify({ machine, measuredAt: new Date().toISOString(), turns, rows }, null, 2)}\n`,
  )
}

async function measureProver(): Promise<Row[]> {
  const pool = { maxQueued: 1_024, taskTimeoutMs: 60_000 }
  await using one = openProverPool({ ...pool, workers: 1 })
  await using all = openProverPool({ ...pool, workers: machine.cores })
  await using threads = new AsyncDisposableStack()
  const open = async (): Promise<Baseline> => threads.use(await openBaseline())
  const [first, ...more] = [open(), ...Array.from({ length: machine.cores - 1 }, open)] as const
  const bench: Bench = { one, all, baselines: [await first, ...(await Promise.all(more))], turns }
  await Promise.all([one.ready, all.ready])
  const measured: Row[] = []
  for (const measure of [oneBlobChallenge, foldedChallenge, batchOfSixteen, oneCommitment, ingest, scaling])
    measured.push(await measure(bench))
  return measured
}
