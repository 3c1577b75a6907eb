/** The doctor's checks, each with what it found and how to mend it. */

import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Hex } from '../base/hex.ts'
import type { DoctorCheck } from '../contract/shapes.ts'

const MIN_FREE_BYTES = 1_073_741_824
const MAX_CLOCK_SKEW_SECONDS = 30

export function checkNodeVersion(version: string): DoctorCheck {
  const isOk = Number(version.split('.')[0]) >= 24
  return {
    name: 'node-version',
    ok: isOk,
    found: version,
    fix: isOk ? '' : 'Run the app through npm (npm start, npx emerald), which brings Node 24 along.',
  }
}

export function checkDataDirectory(directory: string): DoctorCheck {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    accessSync(directory, constants.W_OK | constants.R_OK)
    return { name: 'data-directory', ok: true, found: directory, fix: '' }
  } catch (error) {
    return {
      name: 'data-directory',
      ok: false,
      found: messageOf(error),
      fix: `Make ${directory} writable for this user, or choose another with --data-dir or EMERALD_HOME.`,
    }
  }
}

export async function checkDiskSpace(directory: string, minFreeBytes = MIN_FREE_BYTES): Promise<DoctorCheck> {
  try {
    const { bavail, bsize } = await statfs(directory)
    const free = bavail * bsize
    const isOk = free >= minFreeBytes
    return {
      name: 'disk-space',
      ok: isOk,
      found: `${Math.floor(free / 1_048_576)} MiB free`,
      fix: isOk ? '' : 'Free some disk space, or move the data directory to a larger disk.',
    }
  } catch (error) {
    return {
      name: 'disk-space',
      ok: false,
      found: messageOf(error),
      fix: `Check that the disk with ${directory} is there and mounted.`,
    }
  }
}

/** @param load how the prover's native part is loaded; tests give one that fails. */
export async function checkProver(load: () => Promise<unknown> = () => import('c-kzg')): Promise<DoctorCheck> {
  try {
    await load()
    return { name: 'prover', ok: true, found: 'c-kzg loads', fix: '' }
  } catch (error) {
    return {
      name: 'prover',
      ok: false,
      found: messageOf(error),
      fix: 'Install a C++ compiler, make and python3, then run npm ci again.',
    }
  }
}

/** Opens the database read-only and looks whether it is whole; a missing one is fine. */
export function checkDatabase(directory: string): DoctorCheck {
  const path = join(directory, 'node', 'node.sqlite')
  if (!existsSync(path)) return { name: 'database', ok: true, found: 'none yet', fix: '' }
  try {
    using db = withDispose(new Database(path, { readonly: true }))
    const found = String(db.value.pragma('quick_check(1)', { simple: true }))
    return { name: 'database', ok: found === 'ok', found, fix: found === 'ok' ? '' : REPAIR_DATABASE }
  } catch (error) {
    return { name: 'database', ok: false, found: messageOf(error), fix: REPAIR_DATABASE }
  }
}

const REPAIR_DATABASE =
  'Start the node: it sets the damaged file aside and builds a new one from the chain; keys are not in it.'

export async function checkPort(port: number): Promise<DoctorCheck> {
  const isFree = await new Promise<boolean>(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
  return {
    name: 'port',
    ok: isFree,
    found: `${port} is ${isFree ? 'free' : 'taken'}`,
    fix: isFree ? '' : 'The node will take the next free port; choose one with --port to have it stay the same.',
  }
}

export async function checkChain(rpcUrl: string): Promise<DoctorCheck> {
  const fix = `Start the chain, or set EMERALD_RPC_URL to the right address; nothing answers at ${new URL(rpcUrl).host}.`
  try {
    const answer = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }),
      signal: AbortSignal.timeout(3_000),
    })
    const { result } = (await answer.json()) as { result?: unknown } // only printed
    const isOk = typeof result === 'string'
    return { name: 'chain', ok: isOk, found: isOk ? `chain id ${Number(result)}` : 'no chain id', fix: isOk ? '' : fix }
  } catch {
    // An error of fetch can have the whole address in it, with its secrets.
    return { name: 'chain', ok: false, found: 'no answer', fix }
  }
}

/** @param headSeconds the newest block's time; @param nowMs this machine's. */
export function checkClock(headSeconds: number | undefined, nowMs: number): DoctorCheck {
  if (headSeconds === undefined)
    return { name: 'clock', ok: false, found: 'no block yet', fix: 'Wait for the first block, then look again.' }
  const behind = Math.round(headSeconds - nowMs / 1_000)
  const isOk = behind <= MAX_CLOCK_SKEW_SECONDS
  return {
    name: 'clock',
    ok: isOk,
    found: `newest block is ${behind} s ahead of this clock`,
    fix: isOk ? '' : 'Set the system clock (NTP); the chain is ahead of it.',
  }
}

/** @param codeAt of the chain; rejects when it cannot be asked. */
export async function checkContracts(
  custodyChallenges: Hex,
  codeAt: (address: Hex) => Promise<Hex | undefined>,
): Promise<DoctorCheck> {
  const code = await codeAt(custodyChallenges).catch(() => undefined)
  const isOk = code !== undefined && code !== '0x'
  return {
    name: 'contracts',
    ok: isOk,
    found: isOk ? custodyChallenges : 'no code',
    fix: isOk ? '' : `Deploy the contracts, or correct the address ${custodyChallenges}.`,
  }
}

export function checkOperators(count: number): DoctorCheck {
  return {
    name: 'operators',
    ok: count > 0,
    found: `${count} of this node's keys are operators`,
    fix: count > 0 ? '' : 'Join with stake, or import the key of an operator that has.',
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const withDispose = (value: Database.Database) => ({ value, [Symbol.dispose]: () => void value.close() })
