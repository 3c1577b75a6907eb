#!/usr/bin/env node
// Measures the coverage of src/ by the forge tests and fails below the floor; no file is left out.
//
// forge's coverage does not find imports that lead out of the project's folder, so it runs in a copy that holds
// everything. It switches the optimizer off, and with it goes the meaning of gas: suites of gas are not run. Nor is
// the access matrix, which reads compiled contracts where coverage keeps none, nor the campaigns of random calls. Few
// runs of each property are enough here.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Least share of lines and of branches that the tests must reach, over all of src/. */
const FLOOR = 0.95
const COPIED = ['src', 'test', 'snapshots', 'solc-wrapper.mjs', 'package.json']

const here = import.meta.dirname
const modules = join(dirname(here), 'node_modules')
const copy = mkdtempSync(join(tmpdir(), 'emerald-coverage-'))
try {
  for (const name of COPIED) cpSync(join(here, name), join(copy, name), { recursive: true })
  cpSync(join(modules, '@openzeppelin'), join(copy, 'lib', '@openzeppelin'), { recursive: true })
  symlinkSync(modules, join(copy, 'node_modules'))
  const config = readFileSync(join(here, 'foundry.toml'), 'utf8')
  writeFileSync(join(copy, 'foundry.toml'), config.replaceAll('../node_modules', 'lib'))
  measure()
} finally {
  rmSync(copy, { recursive: true, force: true })
}

function measure() {
  const report = join(copy, 'lcov.info')
  const left = ['--no-match-contract', 'Gas|AccessMatrix', '--no-match-path', 'test/invariants/*']
  const args = [join(here, 'run-forge.mjs'), 'coverage', ...left, '--report', 'lcov', '--report-file', report]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, FOUNDRY_FUZZ_RUNS: '64' },
    maxBuffer: 64 * 1_048_576,
  })
  if (status !== 0) {
    process.stdout.write(`${stdout}\n${stderr}\n`)
    process.exitCode = 1
    return
  }
  const files = readLcov(readFileSync(report, 'utf8')).filter(file => file.name.startsWith('src/'))
  const total = sum(files)
  for (const file of files) process.stdout.write(`${row(file)}${missed(file)}\n`)
  process.stdout.write(`${row({ name: 'all of src/', ...total })}\n`)
  const isEnough = share(total.lines) >= FLOOR && share(total.branches) >= FLOOR
  if (!isEnough) process.stdout.write(`below ${100 * FLOOR} %\n`)
  process.exitCode = isEnough ? 0 : 1
}

/** Records of the lcov format: lines (DA: line,hits) and branches (BRDA: line,block,branch,hits or -). */
function readLcov(text) {
  return text
    .split('end_of_record')
    .map(record => ({
      name: record.match(/^SF:(.+)$/m)?.[1] ?? '',
      lines: hits(record, /^DA:(\d+),(\S+)/gm),
      branches: hits(record, /^BRDA:(\d+),\d+,\d+,(\S+)/gm),
    }))
    .filter(file => file.name !== '')
}

function hits(record, pattern) {
  const found = [...record.matchAll(pattern)].map(([, line, count]) => ({
    line,
    isHit: count !== '-' && count !== '0',
  }))
  return { found: found.length, hit: found.filter(one => one.isHit).length, missed: found.filter(one => !one.isHit) }
}

function sum(files) {
  const add = kind => ({
    found: files.reduce((count, file) => count + file[kind].found, 0),
    hit: files.reduce((count, file) => count + file[kind].hit, 0),
  })
  return { lines: add('lines'), branches: add('branches') }
}

function share({ hit, found }) {
  return found === 0 ? 1 : hit / found
}

function row({ name, lines, branches }) {
  const percent = counts => `${(100 * share(counts)).toFixed(1)} % (${counts.hit}/${counts.found})`
  return `${name.padEnd(44)} lines ${percent(lines).padEnd(18)} branches ${percent(branches).padEnd(18)}`
}

function missed({ lines, branches }) {
  const numbers = [...lines.missed, ...branches.missed].map(one => one.line)
  return numbers.length === 0 ? '' : ` missed at ${[...new Set(numbers)].join(', ')}`
}
