/** The node's libp2p key: made at the first start, kept in one file that only its owner can read. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { AppError } from '../base/app-error.ts'
import { isNodeError, writeAtomically } from './write-atomically.ts'

const FILE_NAME = 'identity.key'

/**
 * @param directory must have a `tmp/` folder in it.
 * @throws AppError STORAGE_CORRUPT when the file is there and is no key; a new one would silently be another peer.
 */
export async function loadIdentity(directory: string): Promise<PrivateKey> {
  const file = path.join(directory, FILE_NAME)
  const stored = await readIfThere(file)
  if (stored === undefined) return await createIdentity(directory, file)
  try {
    return privateKeyFromProtobuf(stored)
  } catch (cause) {
    throw new AppError('STORAGE_CORRUPT', { path: file }, { cause })
  }
}

async function createIdentity(directory: string, file: string): Promise<PrivateKey> {
  const key = await generateKeyPair('Ed25519')
  const bytes = privateKeyToProtobuf(key)
  await writeAtomically({ file, temporary: path.join(directory, 'tmp'), bytes, mode: 0o600 })
  return key
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return undefined
    throw error
  }
}
