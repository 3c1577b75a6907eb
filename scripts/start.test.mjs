import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

/** A node that serves and, told to stop, ends with the code 7; its child, as the devnet is, it ends only when TIDY. */
const NODE = `
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
const devnet = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
writeFileSync('pids.json', JSON.stringify({ node: process.pid, devnet: devnet.pid, args: process.argv.slice(2) }))
process.on('SIGTERM', () => { if (process.env.TIDY) devnet.kill(); writeFileSync('stopped', ''); process.exit(7) })
if (process.env.FAILS) {
  devnet.unref()
  process.exitCode = 3
} else {
  console.log('a line before')
  console.log(JSON.stringify({ event: 'ready', url: 'http://127.0.0.1:1/#token=t' }))
  setInterval(() => {}, 1000)
}
`
const LINE = 'Emerald Node opens in the browser because this machine has no display: http://127.0.0.1:1/#token=t'

/** @type {string} */
let dir
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'emerald-start-'))
  cpSync(import.meta.dirname, join(dir, 'scripts'), { recursive: true })
  write('node-core/bin/emerald.mjs', NODE)
  write('renderer/src/main.ts', 'one')
  write('renderer/dist/index.html', 'built')
  write('package.json', JSON.stringify({ name: 'fixture', workspaces: ['renderer'] }))
  const build = `node -e "require('fs').appendFileSync('../builds','x');require('fs').mkdirSync('dist',{recursive:true});require('fs').writeFileSync('dist/index.html','')"`
  write('renderer/package.json', JSON.stringify({ name: '@emerald/renderer', version: '1.0.0', scripts: { build } }))
  write('renderer/dist/index.html', 'built')
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/**
 * @param {string} path
 * @param {string} content
 */
function write(path, content) {
  mkdirSync(join(dir, path, '..'), { recursive: true })
  writeFileSync(join(dir, path), content)
}

/**
 * @param {Record<string, string>} [env]
 * @param {string[]} [args]
 */
function start(env = {}, args = []) {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, npm_execpath: _npm, ...rest } = process.env
  const child = spawn(process.execPath, [join(dir, 'scripts/start.mjs'), ...args], {
    cwd: dir,
    env: { ...rest, npm_lifecycle_event: 'start', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', chunk => (said.out += chunk))
  child.stderr.on('data', chunk => (said.err += chunk))
  return { child, said, closed: once(child, 'close') }
}

const pids = () => JSON.parse(readFileSync(join(dir, 'pids.json'), 'utf8'))

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

const onLinux = test.skipIf(process.platform !== 'linux')

onLinux('one line says why and where, and a signal stops all that was started, with the code of the node', async () => {
  const { child, said, closed } = start({}, ['--port', '0'])
  await expect.poll(() => said.out, { timeout: 10_000 }).toContain('Emerald')
  expect(said.out.split('\n')).toEqual(['a line before', LINE, ''])
  const { node, devnet, args } = pids()
  expect(args).toEqual(['start', '--profile', 'demo', '--port', '0'])
  child.kill('SIGTERM')
  expect(await closed).toEqual([7, null])
  await expect.poll(() => [isAlive(node), isAlive(devnet)]).toEqual([false, false])
})

onLinux('a node that fails gives its code and leaves no devnet', async () => {
  const { closed } = start({ FAILS: '1' })
  expect(await closed).toEqual([3, null])
  await expect.poll(() => isAlive(pids().devnet)).toBe(false)
})

onLinux('the node stops in order when the start script is killed outright', async () => {
  const { child, said, closed } = start({ TIDY: '1' })
  await expect.poll(() => said.out, { timeout: 10_000 }).toContain('Emerald')
  child.kill('SIGKILL')
  await closed
  await expect.poll(() => existsSync(join(dir, 'stopped')), { timeout: 10_000 }).toBe(true)
  await expect.poll(() => isAlive(pids().node), { timeout: 10_000 }).toBe(false)
})

onLinux('the interface is built where it is missing or changed, and not again', { timeout: 60_000 }, async () => {
  const builds = () => (existsSync(join(dir, 'builds')) ? readFileSync(join(dir, 'builds'), 'utf8') : '')
  const run = async () => {
    const { closed, said } = start({ FAILS: '1' })
    expect([await closed, said.err.includes('failed')]).toEqual([[3, null], false])
    return builds()
  }
  expect(await run()).toBe('')
  rmSync(join(dir, 'renderer/dist'), { recursive: true })
  expect(await run()).toBe('x')
  expect(await run()).toBe('x')
  write('renderer/src/main.ts', 'two')
  expect(await run()).toBe('xx')
})

onLinux('an interface that cannot be built ends the start with its reason', { timeout: 60_000 }, async () => {
  write(
    'renderer/package.json',
    JSON.stringify({ name: '@emerald/renderer', scripts: { build: 'echo broken; exit 1' } }),
  )
  rmSync(join(dir, 'renderer/dist'), { recursive: true })
  const { closed, said } = start()
  expect(await closed).toEqual([1, null])
  expect(said.err).toContain('broken')
})
