// Compiles Solidity in this process, where forge would compile more than is asked for.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import solc from 'solc'

/** By path, from this folder. */
export type Sources = Readonly<Record<string, string>>

/** By file and contract, `*` for all; of a file itself the contract is empty. */
export type OutputSelection = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

type Settings = { readonly outputSelection: OutputSelection } & Readonly<Record<string, unknown>>

/** The compiler's answer as its documentation has it; imports are read from disk. @throws Error with the compiler's errors */
export function compileSolidity(sources: Sources, settings: Settings): unknown {
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(Object.entries(sources).map(([path, content]) => [path, { content }])),
    settings: { evmVersion: 'osaka', ...settings },
  }
  const output: Answer = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport }))
  const errors = output.errors?.filter(error => error.severity === 'error') ?? []
  if (errors.length > 0) throw new Error(errors.map(error => error.formattedMessage).join('\n'))
  return output
}

type Answer = { readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[] }

const here = import.meta.dirname

function readImport(path: string): { contents: string } {
  const place = path.startsWith('@') ? join(dirname(here), 'node_modules', path) : join(here, path)
  return { contents: readFileSync(place, 'utf8') }
}
