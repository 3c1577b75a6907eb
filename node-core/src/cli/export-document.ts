/** Writes a document about one challenge, which a running node gives, to a file. */

import { writeFile } from 'node:fs/promises'
import { AppError } from '../base/app-error.ts'
import { parseChallengeId } from '../domain/challenge.ts'
import { connect } from './connect.ts'
import type { ProfileOptions } from './options.ts'
import { printJson, printLine } from './output.ts'

type Client = Awaited<ReturnType<typeof connect>>['client']
type Asked = {
  readonly options: ProfileOptions & { readonly json?: boolean }
  /** ID and FILE, as the option took them. */
  readonly words: readonly string[]
  /** For whoever gave other words. */
  readonly usage: string
  readonly read: (client: Client, id: string) => Promise<object>
  /** Printed after the file's name. */
  readonly next: (file: string) => string
}

/** @throws AppError USAGE · VALIDATION_ERROR · FILE_NOT_WRITABLE · and what the node answers */
export async function exportDocument({ options, words, usage, read, next }: Asked): Promise<void> {
  const [id, file, ...more] = words
  if (id === undefined || file === undefined || more.length > 0) throw new AppError('USAGE', { reason: usage })
  checkId(id)
  await using connection = await connect(options)
  const document = await read(connection.client, id)
  await writeFile(file, JSON.stringify(document)).catch(cause => {
    throw new AppError('FILE_NOT_WRITABLE', { path: file }, { cause })
  })
  if (options.json) printJson({ ok: true, id, file })
  else printLine(`Wrote ${file}. ${next(file)}`)
}

function checkId(id: string): void {
  try {
    parseChallengeId(id)
  } catch (cause) {
    throw new AppError('VALIDATION_ERROR', { field: 'id', reason: 'postId:epoch:operator' }, { cause })
  }
}
