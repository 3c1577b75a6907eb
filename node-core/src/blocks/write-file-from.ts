/** Writes what a source gives into a file that is there whole, or not at all. */

import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../base/app-error.ts'

/**
 * Takes room beside the file until it is done; what is there already is replaced, at the end and in one step.
 * @returns the length of the file.
 * @throws AppError FILE_NOT_WRITABLE; what the source throws. Nothing is left behind then.
 */
export async function writeFileFrom(file: string, source: AsyncIterable<Uint8Array>): Promise<number> {
  const draft = path.join(path.dirname(path.resolve(file)), `.emerald-${randomUUID()}`)
  const orSay = <T>(writing: Promise<T>): Promise<T> =>
    writing.catch(cause => {
      throw new AppError('FILE_NOT_WRITABLE', { path: file }, { cause })
    })

  async function writeDraft(): Promise<number> {
    await using handle = await orSay(open(draft, 'wx'))
    let byteLength = 0
    for await (const part of source) {
      await orSay(handle.writeFile(part))
      byteLength += part.length
    }
    await orSay(handle.sync())
    return byteLength
  }

  try {
    const byteLength = await writeDraft()
    await orSay(rename(draft, file))
    return byteLength
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined) // the error says more than what hinders the removal
    throw error
  }
}
