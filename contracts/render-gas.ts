// Writes docs/gas.md from snapshots/, which the tests that measure keep, and test/gas-limits.json, which they hold.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Figures, figureOf, grouped, publishedGas } from './published-gas.ts'

export const gasDocument = join(import.meta.dirname, '..', 'docs', 'gas.md')

const groups = [
  [
    'library',
    'A proof by itself',
    'The libraries in the smallest contract that uses them: one slot is read and written, it is not zero before.',
  ],
  [
    'protocol',
    'The system',
    'Through the proxies, with every check of the protocol. *First* is the first proof of a post in its epoch.',
  ],
  [
    'stake',
    'Stake and attestation',
    'Operators that come, leave and are slashed, and the calls that look at all 256 of them.',
  ],
  ['symbiotic', 'Symbiotic quorum', 'Keys, and the answer to the relay by the size of the validator set.'],
] as const

const head = `# Gas

Generated from \`contracts/snapshots/\` by \`npm run gas -w @emerald/contracts\`, which measures anew; do not edit. Whole
transactions, each by itself, with their calldata, under the EVM rules of osaka, compiled as deployed. \`npm run forge:gas\` in
\`contracts/\` fails when a call costs another amount than the snapshots say, or more than its limit. A call without a limit of
its own has that of a transaction, 16,777,216 (EIP-7825). A post of one blob is up to 126,945 bytes; what an opening costs does
not depend on them.
`

/** 4 of 256 before 16 of 256. */
const byNumber = new Intl.Collator('en', { numeric: true })

export type GasLimits = Readonly<Record<string, Readonly<Record<string, number>>>>

export function renderGas(figures: Figures, limits: GasLimits): string {
  const sections = groups.map(([group, title, text]) => {
    const calls = Object.entries(figures[group] ?? {}).sort(([a], [b]) => byNumber.compare(a, b))
    const rows = calls.map(([call, gas]) => rowOf(call, Number(gas), limits[group]?.[call]))
    return `\n## ${title}\n\n${text}\n\n| call | gas | limit |\n|---|--:|--:|\n${rows.join('')}`
  })
  return head + sections.join('') + published(figures)
}

function rowOf(call: string, gas: number, limit: number | undefined): string {
  const items = Number(/^prove(?:Batch|Many)\D*(\d+) posts/.exec(call)?.[1] ?? 1)
  const amount = (total: number): string =>
    items === 1 ? grouped(total) : `${grouped(total)} (${grouped(Math.ceil(total / items))} each)`
  return `| ${call} | ${amount(gas)} | ${limit === undefined ? '' : amount(limit)} |\n`
}

function published(figures: Figures): string {
  const rows = publishedGas.map(({ system, call, gas, source, ours, difference }) => {
    const nearest = ours.map(([group, name]) => `${name}: ${grouped(figureOf(figures, group, name))}`).join('; ')
    return `| ${system} | ${call} | ${gas} | ${source} | ${nearest} | ${difference} |\n`
  })
  return `\n## What others publish

Figures of other systems as their own repositories state them, or, where marked, computed from their code; none was measured
here. No two of them prove the same thing: the last column says what stands between a figure and ours.

| system | call | gas | source | nearest of ours | what differs |
|---|---|---|---|---|---|
${rows.join('')}`
}

export function readFigures(): Figures {
  return Object.fromEntries(groups.map(([group]) => [group, readJson<Figures[string]>('snapshots', `${group}.json`)]))
}

export function readGasLimits(): GasLimits {
  return readJson<GasLimits>('test', 'gas-limits.json')
}

/** Files of this repository, which only its own tests write. */
function readJson<T>(...path: string[]): T {
  return JSON.parse(readFileSync(join(import.meta.dirname, ...path), 'utf8')) as T
}

if (import.meta.main) writeFileSync(gasDocument, renderGas(readFigures(), readGasLimits()))
