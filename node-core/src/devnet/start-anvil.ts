/** Starts a throwaway local chain that lives no longer than this process. */

import { mkdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { toHex } from 'viem'
import { AppError, isAppError } from '../base/app-error.ts'
import { createRpcClient, type RpcClient } from '../chain/rpc-client.ts'
import { findAnvilBinary } from './anvil-binary.ts'
import { reapStaleAnvil, removeAnvilRecord, writeAnvilRecord } from './anvil-record.ts'
import { type BoundProcess, startBoundProcess } from './bound-process.ts'

export type AnvilOptions = {
  /** Where the running process is recorded; created if it isn't there. One anvil for each. */
  readonly stateDirectory: string
  /** `manual`: a block comes only from `mine`. */
  readonly blockTimeSeconds: number | 'manual'
  /** 0: any free one. A port that is taken is not an error: any free one is used instead. */
  readonly port?: number
  readonly chainId?: number
  readonly accounts?: number
  /** Unix seconds of the first block; now unless given. */
  readonly genesisTimestamp?: number
  /** anvil's public one unless given. */
  readonly mnemonic?: string
  /** The deepest reorganisation that can be made, again and again; each block of it keeps two states in memory (5 MB each on a long chain). */
  readonly maxReorgDepth?: number
  readonly startTimeoutMs?: number
}

export type Anvil = AsyncDisposable & {
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly chainId: number
  /** @throws AppError RPC_UNAVAILABLE {method, reason} */
  request(method: string, params?: readonly unknown[]): Promise<unknown>
  mine(blocks: number): Promise<void>
  /** Replaces the newest `depth` blocks by empty ones: height stays, transactions of the old ones are dropped. */
  reorg(depth: number): Promise<void>
  /** Settles when anvil is gone, wanted or not. */
  readonly exited: Promise<void>
}

const GRACE_MS = 2_000

/** @throws AppError DEVNET_START_FAILED {reason, stderr} */
export async function startAnvil(options: AnvilOptions): Promise<Anvil> {
  const binary = findAnvilBinary()
  mkdirSync(options.stateDirectory, { recursive: true, mode: 0o700 })
  reapStaleAnvil(options.stateDirectory)
  try {
    return await startAt(binary, options.port ?? 0, options)
  } catch (error) {
    if (!isAppError(error, 'DEVNET_START_FAILED') || !options.port || !/in use/i.test(String(error.data.stderr)))
      throw error
    return startAt(binary, 0, options)
  }
}

async function startAt(binary: string, port: number, options: AnvilOptions): Promise<Anvil> {
  const { stateDirectory, chainId = 31_337, startTimeoutMs = 10_000 } = options
  const child = await startBoundProcess(binary, argumentsOf(options, port, chainId), {
    cwd: stateDirectory, // so that no foundry.toml of somebody's project is read
    env: { PATH: process.env.PATH, HOME: stateDirectory },
  }).catch(cause => {
    throw new AppError('DEVNET_START_FAILED', { reason: 'anvil could not be started', binary }, { cause })
  })
  const lastLines = keepLastLines(child.stderr, 10)
  writeAnvilRecord(stateDirectory, child.pid, binary)
  const end = async () => {
    await child.stop(GRACE_MS)
    removeAnvilRecord(stateDirectory)
  }
  try {
    const address = await listeningAddress(child, startTimeoutMs)
    const client = createRpcClient({ url: `http://${address}`, timeoutMs: startTimeoutMs, retries: 0 })
    await client.request('anvil_setLoggingEnabled', [false]) // it answers; and its log is nobody's
    return handleOf(child, client, { address, chainId, end })
  } catch (cause) {
    await end()
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('DEVNET_START_FAILED', { reason, stderr: lastLines().join('\n') }, { cause })
  }
}

function argumentsOf(options: AnvilOptions, port: number, chainId: number): string[] {
  const { blockTimeSeconds, accounts = 30, mnemonic, genesisTimestamp, maxReorgDepth = 32 } = options
  return [
    ...['--host', '127.0.0.1', '--port', String(port), '--no-cors', '--color', 'never'],
    ...['--hardfork', 'osaka', '--chain-id', String(chainId), '--accounts', String(accounts)],
    ...(genesisTimestamp === undefined ? [] : ['--timestamp', String(genesisTimestamp)]),
    ...(mnemonic === undefined ? [] : ['--mnemonic', mnemonic]),
    ...(blockTimeSeconds === 'manual' ? ['--no-mining'] : ['--block-time', String(blockTimeSeconds)]),
    // A reorg needs the state below its deepest block, and the states of the blocks that an earlier reorg replaced count too.
    ...['--prune-history', String(2 * maxReorgDepth + 2)],
  ]
}

/** anvil picks the port itself and says which: nobody can take it in between. */
function listeningAddress(child: BoundProcess, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('anvil did not answer in time')), timeoutMs)
    void child.exited.then(() => reject(new Error('anvil ended while starting')))
    // Goes on reading for as long as anvil lives: a full pipe would stop it.
    createInterface({ input: child.stdout }).on('line', line => {
      const address = /^Listening on (127\.0\.0\.1:\d+)$/.exec(line.trim())?.[1]
      if (address === undefined) return
      clearTimeout(timer)
      resolve(address)
    })
  })
}

function keepLastLines(stream: Readable, count: number): () => string[] {
  const lines: string[] = []
  createInterface({ input: stream }).on('line', line => {
    lines.push(line)
    if (lines.length > count) lines.shift()
  })
  return () => lines
}

function handleOf(
  child: BoundProcess,
  client: RpcClient,
  { address, chainId, end }: { address: string; chainId: number; end: () => Promise<void> },
): Anvil {
  return {
    url: `http://${address}`,
    port: Number(address.split(':')[1]),
    pid: child.pid,
    chainId,
    exited: child.exited,
    request: (method, params) => client.request(method, params),
    mine: async blocks => void (await client.request('anvil_mine', [toHex(blocks)])),
    reorg: async depth => void (await client.request('anvil_reorg', [depth, []])),
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]()
      await end()
    },
  }
}
