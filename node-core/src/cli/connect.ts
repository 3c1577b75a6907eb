/** Finds the running node of a profile and connects to it. */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readAccessToken } from '../api/access-token.ts'
import { connectOperator } from '../api/operator-client.ts'
import { AppError } from '../base/app-error.ts'
import { configOf, type ProfileOptions } from './options.ts'

const doorFile = z.object({ url: z.url() })

export type Connection = Awaited<ReturnType<typeof connect>>

/** @throws AppError NODE_NOT_RUNNING {profile, dataDirectory} */
export async function connect(options: ProfileOptions) {
  const config = configOf(options)
  const absent = new AppError('NODE_NOT_RUNNING', { profile: config.profile, dataDirectory: config.dataDirectory })
  const token = await readAccessToken(config.dataDirectory).catch(() => undefined)
  const door = await readFile(join(config.dataDirectory, 'door.json'), 'utf8')
    .then(text => doorFile.parse(JSON.parse(text)))
    .catch(() => undefined)
  if (token === undefined || door === undefined) throw absent
  return connectOperator({ url: door.url, token })
}
