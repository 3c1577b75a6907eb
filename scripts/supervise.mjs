/** Runs one child in the foreground: passes signals on, and leaves nothing of it behind. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Longer than the engine's own limit for an ordered shutdown. */
const STOP_TIMEOUT_MS = 30_000
const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/**
 * @typedef {{ readonly code: number | null, readonly signal: NodeJS.Signals | null, readonly wasAsked: boolean }} End
 * `wasAsked`: it ended after a signal was passed on to it.
 */

/**
 * The child leads a process group of its own: a terminal's Ctrl-C reaches it once, through here, and whatever it
 * started can be ended with it.
 * @param {readonly [command: string, ...args: string[]]} command
 * @param {{ readonly cwd?: string, readonly onLine?: (line: string) => void, readonly withChannel?: boolean }} [options]
 * `onLine` receives stdout, which is inherited otherwise; `withChannel` opens Node's IPC channel
 * @returns {{ readonly ended: Promise<End>, readonly stop: (signal: NodeJS.Signals) => void }}
 */
export function supervise([file, ...args], { cwd, onLine, withChannel = false } = {}) {
  const isWindows = process.platform === 'win32'
  const child = spawn(file, args, {
    cwd,
    detached: !isWindows,
    stdio: ['ignore', onLine ? 'pipe' : 'inherit', 'inherit', ...(withChannel ? [/** @type {const} */ ('ipc')] : [])],
  })
  const killAll = () => {
    if (isWindows || child.pid === undefined) child.kill('SIGKILL')
    else killGroup(child.pid)
  }
  const asked = askToStop(child, killAll)
  if (onLine && child.stdout) createInterface({ input: child.stdout }).on('line', onLine)
  process.once('exit', killAll)
  /** @type {Promise<End>} */
  const closed = new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', killAll)
    child.once('close', (code, signal) => resolve({ code, signal, wasAsked: asked.wasAsked() }))
  })
  const ended = closed.finally(() => {
    asked.release()
    process.removeListener('exit', killAll)
  })
  return { ended, stop: asked.stop }
}

/**
 * Passes on what ends this process, and ends the child when whoever started this process is gone.
 * @param {import('node:child_process').ChildProcess} child
 * @param {() => void} killAll
 */
function askToStop(child, killAll) {
  let wasAsked = false
  /** @type {NodeJS.Timeout | undefined} */
  let limit
  /** @param {NodeJS.Signals} signal */
  const stop = signal => {
    wasAsked = true
    limit ??= setTimeout(killAll, STOP_TIMEOUT_MS)
    child.kill(signal)
  }
  for (const signal of FORWARDED) process.on(signal, stop)
  const parent = process.ppid
  const watch = setInterval(() => process.ppid !== parent && process.env.npm_lifecycle_event && stop('SIGTERM'), 1000)
  return {
    stop,
    wasAsked: () => wasAsked,
    release() {
      clearInterval(watch)
      clearTimeout(limit)
      for (const signal of FORWARDED) process.removeListener(signal, stop)
    },
  }
}

/** @param {number} leader */
function killGroup(leader) {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch (error) {
    // ESRCH: nothing is left of the group; EPERM: macOS says so of a group of zombies.
    if (!(error instanceof Error && 'code' in error && /^(?:ESRCH|EPERM)$/.test(String(error.code)))) throw error
  }
}
