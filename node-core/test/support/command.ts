/** Runs the `emerald` command as a person would: its own process, its exit code, what it printed. */

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const BIN = fileURLToPath(new URL('../../bin/emerald.mjs', import.meta.url))

export type CommandResult = {
  /** Null when it was killed. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** The one JSON document on stdout; undefined when stdout is anything else. */
  readonly json: unknown
}
export type CommandOptions = {
  readonly home: string
  readonly env?: Readonly<Record<string, string>>
  /** Node's own options, before the command. */
  readonly nodeOptions?: readonly string[]
  readonly cwd?: string
  readonly timeoutMs?: number
}

/** The environment of every process that a test starts: nothing of the machine's own settings. */
export function environmentOf(home: string, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH, TMPDIR } = process.env
  return { PATH, ...(TMPDIR === undefined ? {} : { TMPDIR }), HOME: home, EMERALD_HOME: home, ...more }
}

/** @throws Error when it does not end in time. */
export function runCommand(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { home, env, nodeOptions = [], cwd = home, timeoutMs = 120_000 } = options
  const child = spawn(process.execPath, [...nodeOptions, BIN, ...args], {
    cwd,
    env: environmentOf(home, env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)]
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`emerald ${args.join(' ')} did not end in time; stderr: ${stderr().slice(-2_000)}`))
    }, timeoutMs)
    child.once('error', reject)
    child.once('close', code => {
      clearTimeout(timer)
      resolve({ code, stdout: stdout(), stderr: stderr(), json: parseDocument(stdout()) })
    })
  })
}

export function textOf(stream: NodeJS.ReadableStream): () => string {
  const parts: Buffer[] = []
  stream.on('data', (part: Buffer) => parts.push(part))
  return () => Buffer.concat(parts).toString('utf8')
}

function parseDocument(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
