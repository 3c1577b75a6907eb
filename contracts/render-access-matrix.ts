// Writes docs/access-matrix.md from test/access-matrix.json, by which the forge test calls everything as everybody.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Rules are `callers; not while paused; notes`, as AccessMatrix.t.sol reads them. */
export type AccessMatrix = Readonly<
  Record<string, { readonly calls: Readonly<Record<string, string>>; readonly reads: readonly string[] }>
>

const document = join(import.meta.dirname, '..', 'docs', 'access-matrix.md')

/** Callers with a column of their own; others are named in the last. */
const columns = ['anybody', 'ADMIN', 'GUARDIAN', 'RELAY', 'BEACON_ADMIN'] as const

const head = `# Who may call what

Generated from \`contracts/test/access-matrix.json\` by \`npm run access -w @emerald/contracts\`; do not edit. A forge test
(\`AccessMatrix.t.sol\`) calls every function of every deployed contract as everybody, paused and not, and fails when the chain
answers otherwise or a function has no row.

- **anybody** is an account without a role; what anybody may do, everybody may.
- **ADMIN** is the timelock: the multisig schedules, the delay passes, the multisig executes. No account with a key holds it.
- **GUARDIAN**, **RELAY**, **BEACON_ADMIN** are roles of the AccessManager. BEACON_ADMIN is the timelock's at first.
- Contracts that call each other, the multisig and owners stand in the column *others*.
- **paused**: \`stops\` means that the call reverts with \`ProtocolPaused\` while the guardian's pause lasts.

A row without a mark: nobody may.
`

export function renderAccessMatrix(matrix: AccessMatrix): string {
  return (
    head +
    Object.entries(matrix)
      .map(([name, rows]) => section(name, rows))
      .join('')
  )
}

function section(name: string, { calls, reads }: AccessMatrix[string]): string {
  const rows = Object.entries(calls).map(([call, rule]) => rowOf(call, rule))
  const table = rows.length === 0 ? '' : `\n${tableHead}${rows.join('')}`
  return `\n## ${name}\n${table}\nAnybody reads: ${reads.map(read => `\`${read}\``).join(', ')}.\n`
}

const tableHead = `| function | ${columns.join(' | ')} | others | paused | |\n|---|${columns.map(() => ':-:|').join('')}---|---|---|\n`

function rowOf(call: string, rule: string): string {
  const [callers = '', ...rest] = rule.split('; ')
  const names = callers.split(', ')
  const marks = columns.map(column => (names.includes(column) ? '●' : ''))
  const others = names.filter(name => name !== 'nobody' && !columns.some(column => column === name))
  const stops = rest.includes(STOPS) ? 'stops' : ''
  const notes = rest.filter(part => part !== STOPS)
  return `| \`${call}\` | ${[...marks, others.join(', '), stops, notes.join('; ')].join(' | ')} |\n`
}

const STOPS = 'not while paused'

export function readAccessMatrix(): AccessMatrix {
  const path = join(import.meta.dirname, 'test', 'access-matrix.json')
  return JSON.parse(readFileSync(path, 'utf8')) as AccessMatrix // a file of this repository, checked by access-matrix.test.ts
}

if (import.meta.main) writeFileSync(document, renderAccessMatrix(readAccessMatrix()))
