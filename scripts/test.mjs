/**
 * The whole test run: checks, unit and integration tests, contracts, end-to-end tests in a real browser.
 *
 *   node scripts/test.mjs            everything, the README's test command
 *   node scripts/test.mjs check      only what needs no running parts: style, types, generated files, builds
 *   node scripts/test.mjs vitest     one step by name
 *
 * Every step runs, also after one failed; the last line counts tests over all steps, and names of skipped tests are listed above it.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureChromium } from './chromium.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const reports = mkdtempSync(join(tmpdir(), 'emerald-tests-'))
const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}` }
const STEP_TIMEOUT_MS = 30 * 60_000

const TYPE_PROJECTS = ['contracts', 'node-core', 'renderer', 'renderer/tsconfig.node.json', 'electron', 'e2e', 'lint']

/** A step passes or fails as one, or gives counts of its tests. */
const STEPS = {
  style: () => run('biome', ['check', '--error-on-warnings', '.']),
  types: () => TYPE_PROJECTS.map(project => run('tsc', ['-p', project])).every(isOk => isOk),
  contracts: () =>
    run('npm', ['run', 'abi:check', '-w', '@emerald/contracts']) &&
    run('npm', ['run', 'layout:check', '-w', '@emerald/contracts']) &&
    run('npm', ['run', 'forge:fmt', '-w', '@emerald/contracts']),
  vectors: () => checkVectors(),
  build: () => run('npm', ['run', 'build']),
  vitest: () => countVitest(),
  forge: () => countForge(),
  browser: () => countBrowser(),
}
const CHECKS = ['style', 'types', 'contracts', 'vectors', 'build']

const asked = process.argv[2]
const names = asked === undefined ? Object.keys(STEPS) : asked === 'check' ? CHECKS : [asked]
const total = { passed: 0, failed: 0, skipped: [] }
for (const name of names) {
  const step = STEPS[name]
  if (step === undefined) fail(`no step ${name}; there are: ${Object.keys(STEPS).join(', ')}, check`)
  process.stdout.write(`\n== ${name}\n`)
  const startedAt = Date.now()
  const found = step()
  const counts = typeof found === 'boolean' ? { passed: found ? 1 : 0, failed: found ? 0 : 1, skipped: [] } : found
  total.passed += counts.passed
  total.failed += counts.failed
  total.skipped.push(...counts.skipped)
  process.stdout.write(
    `== ${name}: ${counts.failed === 0 ? 'passed' : 'FAILED'} in ${Math.round((Date.now() - startedAt) / 1_000)} s\n`,
  )
}
rmSync(reports, { recursive: true, force: true })
for (const name of total.skipped) process.stdout.write(`skipped: ${name}\n`)
const unexpected = total.skipped.filter(name => !allowedSkips().some(allowed => name.includes(allowed)))
for (const name of unexpected) process.stdout.write(`not on the list of allowed skips: ${name}\n`)
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped\n`)
process.exitCode = total.failed > 0 || (process.env.CI !== undefined && unexpected.length > 0) ? 1 : 0

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    env,
    stdio: 'inherit',
    timeout: STEP_TIMEOUT_MS,
    ...options,
  })
  if (error !== undefined) process.stdout.write(`${command}: ${error.message}\n`)
  return status === 0
}

/** The protocol's test vectors are made by a third implementation, in Python: they must be what it makes today. */
function checkVectors() {
  const python = spawnSync('python3', ['--version'])
  if (python.status !== 0) return { passed: 0, failed: 0, skipped: ['test vectors: there is no python3 to make them'] }
  return run('python3', ['contracts/test/vectors/make-vectors.py', '--check'])
}

function countVitest() {
  const file = join(reports, 'vitest.json')
  const isOk = run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`])
  const report = readReport(file)
  if (report === undefined) return { passed: 0, failed: 1, skipped: [] }
  const tests = report.testResults.flatMap(suite => suite.assertionResults)
  const skipped = tests
    .filter(test => test.status === 'skipped' || test.status === 'pending' || test.status === 'todo')
    .map(test => test.fullName)
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + (isOk || report.numFailedTests > 0 ? 0 : 1),
    skipped,
  }
}

/** forge prints its counts; the last line sums them over all suites. */
function countForge() {
  const { stdout, status } = spawnSync('npm', ['run', 'forge:test', '-w', '@emerald/contracts'], {
    cwd: root,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: STEP_TIMEOUT_MS,
    maxBuffer: 64 * 1_048_576,
  })
  process.stdout.write(stdout ?? '')
  const found = [...(stdout ?? '').matchAll(/(\d+) tests? passed, (\d+) failed, (\d+) skipped \(\d+ total/g)].at(-1)
  if (found === undefined) return { passed: 0, failed: 1, skipped: [] }
  const failed = Number(found[2])
  return {
    passed: Number(found[1]),
    failed: failed + (status === 0 || failed > 0 ? 0 : 1),
    skipped: Array.from({ length: Number(found[3]) }, () => 'a forge test'),
  }
}

function countBrowser() {
  const chromium = ensureChromium()
  if (chromium === undefined)
    return { passed: 0, failed: 0, skipped: ['end-to-end tests: no Chromium could be found or installed'] }
  const file = join(reports, 'browser.json')
  const isOk = run('playwright', ['test', '--reporter=list,json'], {
    env: { ...env, EMERALD_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
  })
  const report = readReport(file)
  if (report === undefined) return { passed: 0, failed: 1, skipped: [] }
  const skipped = report.suites.flatMap(suite => skippedSpecs(suite))
  const failed = report.stats.unexpected
  return { passed: report.stats.expected + report.stats.flaky, failed: failed + (isOk || failed > 0 ? 0 : 1), skipped }
}

function skippedSpecs(suite) {
  const own = (suite.specs ?? [])
    .filter(spec => spec.tests.some(test => test.status === 'skipped'))
    .map(spec => spec.title)
  return [...own, ...(suite.suites ?? []).flatMap(skippedSpecs)]
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

function allowedSkips() {
  return readFileSync(join(root, '.ci', 'allowed-skips.txt'), 'utf8')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}
