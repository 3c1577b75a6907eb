/** Writes a file so that a reader, or the next start after a kill, sees all of it or nothing. */

import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../base/app-error.ts'

/** `temporary` must be on the same file system as `file`; what a kill leaves there is garbage. */
export type AtomicWrite = {
  readonly file: string
  readonly temporary: string
  readonly bytes: Uint8Array
  readonly mode?: number
}

const DISK_ERRORS: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EROFS'])

/**
 * The bytes are on disk (fsync) before they get their name.
 * @throws AppError DATABASE_FULL when the disk takes no more.
 */
export async function writeAtomically({ file, temporary, bytes, mode = 0o644 }: AtomicWrite): Promise<void> {
  const draft = path.join(temporary, randomUUID())
  try {
    await writeDraft(draft, bytes, mode)
    await renameInto(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    if (isNodeError(error) && DISK_ERRORS.has(error.code)) {
      throw new AppError('DATABASE_FULL', { path: file }, { cause: error })
    }
    throw error
  }
}

async function writeDraft(draft: string, bytes: Uint8Array, mode: number): Promise<void> {
  await using handle = await open(draft, 'wx', mode)
  await handle.writeFile(bytes)
  await handle.sync()
}

async function renameInto(draft: string, file: string): Promise<void> {
  try {
    await rename(draft, file)
  } catch (error) {
    if (!isNodeError(error, 'ENOENT')) throw error
    await mkdir(path.dirname(file), { recursive: true })
    await rename(draft, file)
  }
}

export function isNodeError(error: unknown, code?: string): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && (code === undefined || error.code === code)
}
