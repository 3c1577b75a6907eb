/** A private key in a file of its own: 32 bytes as hex, for commands that send a few transactions and end. */

import { readFile, stat } from 'node:fs/promises'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { AppError } from '../base/app-error.ts'

/** Who beside the owner may look into the file. */
const OTHERS = 0o077

export type KeyFile = { readonly account: PrivateKeyAccount; readonly isOpenToOthers: boolean }

/**
 * What is in the file never gets into an error.
 * @throws AppError FILE_NOT_FOUND · VALIDATION_ERROR {field: 'key-file'}
 */
export async function readKeyFile(path: string): Promise<KeyFile> {
  const read = async () => ({ text: await readFile(path, 'utf8'), mode: (await stat(path)).mode })
  const { text, mode } = await read().catch(cause => {
    throw new AppError('FILE_NOT_FOUND', { path }, { cause })
  })
  const digits = /^(?:0x)?([0-9a-fA-F]{64})\s*$/.exec(text)?.[1]
  const account = digits === undefined ? undefined : accountOf(digits)
  if (account === undefined)
    throw new AppError('VALIDATION_ERROR', {
      field: 'key-file',
      reason: 'the file must hold one key of 32 bytes as hex',
    })
  return { account, isOpenToOthers: process.platform !== 'win32' && (mode & OTHERS) !== 0 }
}

/** Undefined for what is no key of the curve: zero, or not below its order. */
function accountOf(digits: string): PrivateKeyAccount | undefined {
  try {
    return privateKeyToAccount(`0x${digits}`)
  } catch {
    return undefined
  }
}
