/** Starts a process that cannot outlive this one, however this one ends. */

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

export type BoundProcess = {
  readonly pid: number
  readonly stdout: Readable
  readonly stderr: Readable
  /** Settles once the process is gone and all that it wrote is read; never rejects. Somebody must read both streams. */
  readonly exited: Promise<void>
  /** SIGTERM, then SIGKILL after `graceMs`. */
  stop(graceMs: number): Promise<void>
}

/**
 * The shell becomes the program (`exec`), so the pid is the program's own. Beside it, in the same process group, waits a reader on a
 * pipe that only our process holds open: when we die, even by SIGKILL, the kernel closes the pipe, and the reader kills its own group.
 * It names the group (0), not a pid: a pid could have been given to another process by then. A shell, and not a Node script,
 * because a packaged Electron refuses to run as Node.
 */
const WATCHDOG = 'exec 3<&0; (read -r _ <&3; kill -s KILL 0) >/dev/null 2>&1 & exec "$@" </dev/null 3<&-'

/** @throws Error when the program cannot be started. */
export async function startBoundProcess(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<BoundProcess> {
  // On Windows the runtime puts every child into a job object that ends with us.
  const child =
    process.platform === 'win32'
      ? spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true })
      : // A group of its own also keeps the terminal's Ctrl-C away: the order of shutdown is ours.
        spawn('/bin/sh', ['-c', WATCHDOG, 'sh', program, ...args], {
          ...options,
          stdio: ['pipe', 'pipe', 'pipe'],
          detached: true,
        })
  const exited = new Promise<void>(resolve => child.once('close', () => resolve()))
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject))
  child.stdin.on('error', () => undefined) // the pipe breaks when the reader is gone; `exited` tells
  const pid = child.pid ?? 0 // set once spawned
  child.once('exit', () => signalGroup(child, pid, 'SIGKILL')) // the reader, if the program ended first
  return {
    pid,
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    async stop(graceMs) {
      if (child.exitCode === null && child.signalCode === null) signalGroup(child, pid, 'SIGTERM')
      const timer = setTimeout(() => signalGroup(child, pid, 'SIGKILL'), graceMs)
      await exited
      clearTimeout(timer)
    },
  }
}

function signalGroup(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
  pid: number,
  signal: NodeJS.Signals,
): void {
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-pid, signal)
  } catch {
    // ESRCH: everybody in the group is gone, which is what was wanted.
  }
}
