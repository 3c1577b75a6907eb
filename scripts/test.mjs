/**
 * The whole test run: checks, unit and integration tests, contracts, end-to-end tests in a real browser.
 *
 *   node scripts/test.mjs            everything, the README's test command
 *   node scripts/test.mjs check      only what needs no running parts: style, types, generated files, builds
 *   node scripts/test.mjs vitest     one step by name
 *
 * Every step runs, also after one failed; the last line counts tests over all steps, and names of skipped tests are listed above it.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureChromium } from './chromium.mjs'
import { ensurePromtool } from './promtool.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const reports = mkdtempSync(join(tmpdir(), 'emerald-tests-'))
const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}` }
const STEP_TIMEOUT_MS = 30 * 60_000

const CONTRACTS = ['-w', '@emerald/contracts']
const CONTRACT_CHECKS = ['abi:check', 'layout:check', 'forge:fmt', 'lint']
const TYPE_PROJECTS = ['contracts', 'node-core', 'renderer', 'renderer/tsconfig.node.json', 'electron', 'e2e', 'lint']

/** A step passes or fails as one, or gives counts of its tests. */
const STEPS = {
  style: run => run('biome', ['check', '--error-on-warnings', '.']),
  types: async run => {
    let isOk = true
    for (const project of TYPE_PROJECTS) isOk = (await run('tsc', ['-p', project])) && isOk
    return isOk
  },
  contracts: async run => {
    let isOk = true
    for (const script of CONTRACT_CHECKS) isOk = (await run('npm', ['run', script, ...CONTRACTS])) && isOk
    return isOk
  },
  vectors: run => checkVectors(run),
  rules: run => checkRules(run),
  build: run => run('npm', ['run', 'build']),
  vitest: run => countVitest(run),
  gas: run => countForge(run, 'forge:gas'),
  forge: run => countForge(run, 'forge:test'),
  coverage: run => run('npm', ['run', 'forge:coverage', ...CONTRACTS]),
  browser: run => countBrowser(run),
}
const CHECKS = ['style', 'vectors', 'rules', 'build', 'types', 'contracts']
/** First what the rest needs; then two rows of steps side by side, one that mostly waits and one that mostly computes. */
const FIRST = ['style', 'vectors', 'rules', 'build']
const SIDE_BY_SIDE = [['vitest'], ['types', 'contracts', 'gas', 'forge', 'coverage', 'browser']]

const asked = process.argv[2]
const total = { passed: 0, failed: 0, skipped: [] }
if (asked === undefined) {
  await steps(FIRST, true)
  await Promise.all(SIDE_BY_SIDE.map((names, i) => steps(names, i === 0)))
} else if (asked === 'check') {
  await steps(CHECKS, true)
} else if (STEPS[asked] !== undefined) {
  await steps([asked], true)
} else {
  fail(`no step ${asked}; there are: ${Object.keys(STEPS).join(', ')}, check`)
}
rmSync(reports, { recursive: true, force: true })
for (const name of total.skipped) process.stdout.write(`skipped: ${name}\n`)
const unexpected = total.skipped.filter(name => !allowedSkips().some(allowed => name.includes(allowed)))
for (const name of unexpected) process.stdout.write(`not on the list of allowed skips: ${name}\n`)
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped\n`)
process.exitCode = total.failed > 0 || (process.env.CI !== undefined && unexpected.length > 0) ? 1 : 0

/** One after the other. Output that is not shown at once is shown when its step ends, so that two don't mix. */
async function steps(names, isShownAtOnce) {
  for (const name of names) {
    process.stdout.write(`\n== ${name}\n`)
    const startedAt = Date.now()
    const output = []
    const write = isShownAtOnce ? text => process.stdout.write(text) : text => output.push(text)
    const found = await STEPS[name]((command, args, options) => run(write, command, args, options))
    const counts = typeof found === 'boolean' ? { passed: found ? 1 : 0, failed: found ? 0 : 1, skipped: [] } : found
    total.passed += counts.passed
    total.failed += counts.failed
    total.skipped.push(...counts.skipped)
    const seconds = Math.round((Date.now() - startedAt) / 1_000)
    process.stdout.write(`${output.join('')}== ${name}: ${counts.failed === 0 ? 'passed' : 'FAILED'} in ${seconds} s\n`)
  }
}

/** Whether it succeeded. @param write takes what it prints @param options of spawn; `tee` also takes its output */
function run(write, command, args, { tee, ...options } = {}) {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: STEP_TIMEOUT_MS,
      ...options,
    })
    child.stdout.setEncoding('utf8').on('data', text => {
      write(text)
      tee?.(text)
    })
    child.stderr.setEncoding('utf8').on('data', write)
    child.on('error', error => {
      write(`${command}: ${error.message}\n`)
      resolve(false)
    })
    child.on('close', (code, signal) => {
      if (signal !== null) write(`${command}: ended by ${signal}\n`)
      resolve(code === 0)
    })
  })
}

/** The protocol's test vectors are made by a third implementation, in Python: they must be what it makes today. */
function checkVectors(run) {
  const python = spawnSync('python3', ['--version'])
  if (python.status !== 0) return { passed: 0, failed: 0, skipped: ['test vectors: there is no python3 to make them'] }
  return run('python3', ['contracts/test/vectors/make-vectors.py', '--check'])
}

/** Prometheus' own tool reads the alerting rules, and plays each one a node that is well and one that is not. */
async function checkRules(run) {
  const promtool = ensurePromtool()
  if (promtool === undefined)
    return { passed: 0, failed: 0, skipped: ['alerting rules: no promtool could be found or unpacked'] }
  const isRead = await run(promtool, ['check', 'rules', 'monitoring/emerald-rules.yml'])
  return (await run(promtool, ['test', 'rules', 'monitoring/emerald-rules.test.yml'])) && isRead
}

async function countVitest(run) {
  const file = join(reports, 'vitest.json')
  const isOk = await run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`])
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
async function countForge(run, script) {
  let printed = ''
  const isOk = await run('npm', ['run', script, ...CONTRACTS], {
    tee: text => {
      printed += text
    },
  })
  const found = [...printed.matchAll(/(\d+) tests? passed, (\d+) failed, (\d+) skipped \(\d+ total/g)].at(-1)
  if (found === undefined) return { passed: 0, failed: 1, skipped: [] }
  const failed = Number(found[2])
  return {
    passed: Number(found[1]),
    failed: failed + (isOk || failed > 0 ? 0 : 1),
    skipped: Array.from({ length: Number(found[3]) }, () => 'a forge test'),
  }
}

async function countBrowser(run) {
  const chromium = ensureChromium()
  if (chromium === undefined)
    return { passed: 0, failed: 0, skipped: ['end-to-end tests: no Chromium could be found or installed'] }
  const file = join(reports, 'browser.json')
  const isOk = await run('playwright', ['test', '--reporter=list,json'], {
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
