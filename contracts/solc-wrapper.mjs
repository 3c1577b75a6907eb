#!/usr/bin/env node
// Lets forge use the compiler from npm: answers the two calls that forge makes of a native solc.
import { readFileSync } from 'node:fs'
import { isAbsolute, relative } from 'node:path'
import solc from 'solc'

if (process.argv.includes('--version')) {
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`)
} else if (process.argv.includes('--standard-json')) {
  const input = JSON.parse(readFileSync(0, 'utf8'))
  // Sources outside this folder come with absolute names; the remappings, and so the imports, lead to relative ones.
  const entries = Object.entries(input.sources)
  input.sources = Object.fromEntries(entries.map(([name, source]) => [toRelative(name), source]))
  process.stdout.write(solc.compile(JSON.stringify(input)))
} else {
  process.stderr.write(`solc-wrapper: cannot answer ${process.argv.slice(2).join(' ')}\n`)
  process.exitCode = 2
}

function toRelative(name) {
  return isAbsolute(name) ? relative(process.cwd(), name) : name
}
