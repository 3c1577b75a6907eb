/** Starts the node as a person would, on a home of its own, and stops it again. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 20_000

export type RunningNode = AsyncDisposable & {
  readonly url: string
  readonly home: string
  readonly process: ChildProcess
}

export async function startNode(environment: Record<string, string> = {}): Promise<RunningNode> {
  const home = await mkdtemp(join(tmpdir(), 'emerald-e2e-'))
  const emerald = join(import.meta.dirname, '..', 'node-core', 'bin', 'emerald.mjs')
  const child = spawn(process.execPath, [emerald, 'start', '--port', '0'], {
    env: { ...process.env, ...environment, EMERALD_HOME: home, LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await readyUrl(child)
  return {
    url,
    home,
    process: child,
    async [Symbol.asyncDispose]() {
      await stop(child)
      await rm(home, { recursive: true, force: true })
    },
  }
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no stdout')
  const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS)
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const message: unknown = JSON.parse(line)
      if (typeof message === 'object' && message !== null && 'url' in message) return String(message.url)
    }
    throw new Error('the node ended before it was ready')
  } finally {
    clearTimeout(timer)
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await ended
  clearTimeout(timer)
}
