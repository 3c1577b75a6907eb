/** `npm start`: opens the desktop app where Electron can run, else serves the app to the browser and says why. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureRendererBuilt } from './build-renderer.mjs'
import { electronBinary, fetchElectron, lastFetchFailure } from './find-electron.mjs'
import {
  browserCommand,
  desktopObstacle,
  exitCodeOf,
  failedToStart,
  mayFetchElectron,
  nodeArguments,
  openingLine,
  profileArguments,
  readyUrl,
} from './start-decisions.mjs'
import { supervise } from './supervise.mjs'

/** The demo deploys its contracts first, on a slow machine in about a minute. */
const READY_TIMEOUT_MS = 180_000

const repositoryDir = join(import.meta.dirname, '..')
const given = process.argv.slice(2)
const machine = { platform: process.platform, env: process.env, isRoot: process.getuid?.() === 0 }
const node = findNode()

/** @param {string} line */
const say = line => process.stderr.write(`${line}\n`)

try {
  await ensureRendererBuilt(repositoryDir, say)
  process.exitCode = await start()
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

/** @returns {Promise<number>} the exit code */
async function start() {
  const binary = await findElectron()
  const obstacle = desktopObstacle({ ...machine, hasBinary: binary !== null })
  if (obstacle !== null || binary === null) return serveToBrowser(obstacle ?? 'Electron is missing')
  return runDesktop(binary)
}

async function findElectron() {
  const binary = electronBinary(repositoryDir, process.env, process.platform)
  const history = { lastFailureMs: lastFetchFailure(repositoryDir), nowMs: Date.now() }
  if (binary !== null || !mayFetchElectron(machine, history)) return binary
  say('Fetching Electron, once…')
  await fetchElectron(repositoryDir, node)
  return electronBinary(repositoryDir, process.env, process.platform)
}

/**
 * @param {string} binary
 * @returns {Promise<number>}
 */
async function runDesktop(binary) {
  const shellDir = join(repositoryDir, 'electron')
  const viteBin = join(repositoryDir, 'node_modules/electron-vite/bin/electron-vite.js')
  const built = await supervise([node, viteBin, 'build', '--logLevel', 'error'], { cwd: shellDir }).ended
  if (built.wasAsked) return exitCodeOf(built)
  if (built.code !== 0) return serveToBrowser('the desktop app could not be built')
  const startedAtMs = Date.now()
  const end = await supervise([binary, shellDir, ...profileArguments(given)]).ended
  if (failedToStart(end, { afterMs: Date.now() - startedAtMs, wasAsked: end.wasAsked })) {
    return serveToBrowser(`Electron could not start (${end.signal})`)
  }
  return exitCodeOf(end)
}

/**
 * @param {string} reason
 * @returns {Promise<number>}
 */
async function serveToBrowser(reason) {
  const cli = join(repositoryDir, 'node-core/bin/emerald.mjs')
  const preload = pathToFileURL(join(import.meta.dirname, 'end-with-parent.mjs')).href
  let state = 'starting'
  const child = supervise([node, '--import', preload, cli, ...nodeArguments(given)], {
    withChannel: true,
    onLine(line) {
      const url = state === 'starting' ? readyUrl(line) : null
      if (url === null) return void process.stdout.write(`${line}\n`)
      state = 'ready'
      process.stdout.write(`${openingLine(reason, url)}\n`)
      openBrowser(url)
    },
  })
  const limit = setTimeout(() => {
    if (state !== 'starting') return
    state = 'too late'
    say(`The node was not ready within ${READY_TIMEOUT_MS / 1000} s.`)
    child.stop('SIGTERM')
  }, READY_TIMEOUT_MS)
  const end = await child.ended.finally(() => clearTimeout(limit))
  return state === 'too late' ? 1 : exitCodeOf(end)
}

/**
 * Whether a browser opens is no concern of the node: the line above has the address.
 * @param {string} url
 */
function openBrowser(url) {
  const command = browserCommand(machine, url)
  if (command === null) return
  const [file, ...args] = command
  const child = spawn(file, args, { stdio: 'ignore', detached: true })
  child.once('error', () => {})
  child.unref()
}

/** The Node that the project brings along, as the one that runs this may be older. */
function findNode() {
  const brought = join(repositoryDir, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')
  return existsSync(brought) ? brought : process.execPath
}
