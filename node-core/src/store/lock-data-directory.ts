/** One node for a data directory: a lock file names the process that owns it; a dead owner's lock is taken over. */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../base/app-error.ts'
import { isProcess, type ProcessRef, processRef } from '../base/process-ref.ts'

/**
 * @returns a handle whose dispose gives the directory back.
 * @throws AppError DATA_DIR_LOCKED {pid} · DATA_DIR_NOT_WRITABLE {directory}
 */
export function lockDataDirectory(directory: string): Disposable {
  const path = join(directory, 'node.lock')
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new AppError('DATA_DIR_NOT_WRITABLE', { directory }, { cause })
  }
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(path, JSON.stringify(processRef(process.pid)), { flag: 'wx', mode: 0o600 })
      return { [Symbol.dispose]: () => rmSync(path, { force: true }) }
    } catch (cause) {
      if (!(cause instanceof Error) || !('code' in cause) || cause.code !== 'EEXIST')
        throw new AppError('DATA_DIR_NOT_WRITABLE', { directory }, { cause })
      const owner = readOwner(path)
      if (owner !== undefined && isProcess(owner)) throw new AppError('DATA_DIR_LOCKED', { directory, pid: owner.pid })
      rmSync(path, { force: true })
    }
  }
  throw new AppError('DATA_DIR_LOCKED', { directory })
}

function readOwner(path: string): ProcessRef | undefined {
  try {
    const owner: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof owner !== 'object' || owner === null || !('pid' in owner) || !('startedAt' in owner)) return undefined
    return { pid: Number(owner.pid), startedAt: String(owner.startedAt) }
  } catch {
    return undefined
  }
}
