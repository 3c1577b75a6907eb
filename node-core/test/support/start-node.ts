/** Starts a node in its own process, as `emerald start` does for everybody, and speaks with it through its door. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { ContractRouterClient } from '@orpc/contract'
import { z } from 'zod'
import { connectOperator } from '../../src/api/operator-client.ts'
import { readyEvent } from '../../src/contract/cli.ts'
import type { OperatorContract } from '../../src/contract/operator.ts'
import { BIN, environmentOf, textOf } from './command.ts'

export type TestNode = AsyncDisposable & {
  readonly pid: number
  readonly url: string
  readonly port: number
  readonly publicPort: number | null
  readonly token: string
  readonly client: ContractRouterClient<OperatorContract>
  /** Its log so far, lines of JSON. */
  readonly log: () => string
  /** @returns how it ended. */
  kill(signal: NodeJS.Signals): Promise<Ended>
}
export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly ms: number }
export type NodeOptions = {
  readonly home: string
  readonly profile?: 'demo' | 'anvil'
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Node's own options, before the command. */
  readonly nodeOptions?: readonly string[]
  /** Told at once, long before it is ready: for those who won't let it get so far. */
  readonly onSpawned?: (pid: number) => void
}

const START_TIMEOUT_MS = 90_000

/** @throws Error with its log when it ends before it is ready. */
export async function startNode(options: NodeOptions): Promise<TestNode> {
  const { home, profile = 'demo', args = [], env = {}, nodeOptions = [], onSpawned } = options
  const ports = ['--port', '0', '--public-port', '0']
  const child = spawn(process.execPath, [...nodeOptions, BIN, 'start', '--profile', profile, ...ports, ...args], {
    cwd: home,
    env: environmentOf(home, env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (child.pid !== undefined) onSpawned?.(child.pid)
  const log = textOf(child.stderr)
  const ended = once(child, 'close')
  async function kill(signal: NodeJS.Signals): Promise<Ended> {
    const startedAt = Date.now()
    child.kill(signal)
    await ended
    return { code: child.exitCode, signal: child.signalCode, ms: Date.now() - startedAt }
  }
  try {
    const { url, port, publicPort } = await readReadyLine(child.stdout, ended, log)
    const [base = '', token = ''] = url.split('/#token=')
    const connection = await connectOperator<OperatorContract>({ url: base, token })
    return {
      pid: z.int().parse(child.pid),
      url: base,
      port,
      publicPort,
      token,
      client: connection.client,
      log,
      kill,
      async [Symbol.asyncDispose]() {
        await connection[Symbol.asyncDispose]()
        await kill('SIGKILL')
      },
    }
  } catch (error) {
    await kill('SIGKILL')
    throw error
  }
}

async function readReadyLine(stdout: Readable, ended: Promise<unknown>, log: () => string) {
  const lines = createInterface({ input: stdout })
  const signal = AbortSignal.timeout(START_TIMEOUT_MS)
  const first = once(lines, 'line', { signal }).then(([line]) => String(line))
  const line = await Promise.race([first, ended.then(() => undefined)])
  if (line === undefined) throw new Error(`the node ended before it was ready: ${log().slice(-4_000)}`)
  return readyEvent.parse(JSON.parse(line))
}
