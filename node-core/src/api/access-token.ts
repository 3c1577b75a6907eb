/** The operator's access token: made once, kept in a file that only its owner can read. */

import { randomBytes } from 'node:crypto'
import { chmod, copyFile, link, open, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../base/app-error.ts'

const FILE_NAME = 'access-token'
const TOKEN_BYTES = 32
const TOKEN_FORM = /^[0-9a-f]{64}$/

/**
 * Reads the token of the data directory, or makes one. Two processes that start together end up with the same token.
 * @returns 64 hex digits.
 * @throws AppError DATA_DIR_NOT_WRITABLE
 */
export async function openAccessToken(dataDirectory: string): Promise<string> {
  const path = join(dataDirectory, FILE_NAME)
  try {
    const kept = await readAccessToken(dataDirectory)
    if (kept !== undefined) {
      await chmod(path, 0o600)
      return kept
    }
    return await createToken(path)
  } catch (error) {
    throw new AppError('DATA_DIR_NOT_WRITABLE', { path }, { cause: error })
  }
}

/** @returns undefined when there is none yet; a file that is no token counts as none. */
export async function readAccessToken(dataDirectory: string): Promise<string | undefined> {
  try {
    return await readToken(join(dataDirectory, FILE_NAME))
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  }
}

/** The token stands behind `#`, so no browser sends it to any server and no server logs it. */
export function urlWithToken(url: string, token: string): string {
  return `${url}/#token=${token}`
}

/** Written whole beside the place and then linked there: a reader never sees half a token, the first writer wins. */
async function createToken(path: string): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString('hex')
  const draft = `${path}.${randomBytes(4).toString('hex')}`
  await writeDurably(draft, `${token}\n`)
  try {
    await link(draft, path)
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
    const kept = await readToken(path)
    if (kept !== undefined) return kept
    await copyFile(draft, path)
  } finally {
    await unlink(draft)
  }
  await chmod(path, 0o600)
  return token
}

async function readToken(path: string): Promise<string | undefined> {
  const text = (await readFile(path, 'utf8')).trim()
  return TOKEN_FORM.test(text) ? text : undefined
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
