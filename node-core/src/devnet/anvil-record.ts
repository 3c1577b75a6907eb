/** The file that names the running anvil, so that the next start can end one that was left behind. */

import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { isProcess, processRef } from '../base/process-ref.ts'

const recordShape = z.object({ pid: z.int().min(2), startedAt: z.string(), command: z.string().min(1) })

const fileIn = (directory: string): string => join(directory, 'anvil.json')

/** @param command the executable's path, as it stands in the process's command line. */
export function writeAnvilRecord(directory: string, pid: number, command: string): void {
  writeFileSync(fileIn(directory), `${JSON.stringify({ ...processRef(pid), command })}\n`, { mode: 0o600 })
}

export function removeAnvilRecord(directory: string): void {
  rmSync(fileIn(directory), { force: true })
}

/**
 * Kills the recorded anvil if pid, start time and command all match: anything less may be another program by now.
 * @returns whether one was killed.
 */
export function reapStaleAnvil(directory: string): boolean {
  const record = readRecord(directory)
  removeAnvilRecord(directory)
  if (record === undefined || !isProcess(record) || !commandOf(record.pid).includes(record.command)) return false
  try {
    process.kill(record.pid, 'SIGKILL')
    return true
  } catch {
    return false // gone between the look and the kill, or not ours to kill
  }
}

function readRecord(directory: string): z.infer<typeof recordShape> | undefined {
  try {
    return recordShape.parse(JSON.parse(readFileSync(fileIn(directory), 'utf8')))
  } catch {
    return undefined // none, or cut short by a crash while it was written
  }
}

function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    if (process.platform === 'win32') return '' // the job object has ended it already
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', timeout: 5_000 })
  } catch {
    return ''
  }
}
