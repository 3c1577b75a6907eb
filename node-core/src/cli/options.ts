/** Options that several commands share, and how their values are read. */

import { readFile, stat } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import type { z } from 'zod'
import { AppError } from '../base/app-error.ts'
import { type Config, loadConfig } from '../config.ts'
import { describeShape } from './describe-shape.ts'

export type ProfileOptions = { readonly profile?: string; readonly dataDir?: string }

export function withProfile(command: Command): Command {
  return command
    .option('--profile <name>', 'network profile: demo or anvil')
    .option('--data-dir <path>', 'data directory of the profile')
}

/** @param shape of the document, which `--help` shows. */
export function withJson(command: Command, shape: z.ZodType): Command {
  return command
    .option('--json', 'print one JSON document')
    .addHelpText('after', () => `\nWith --json:\n${describeShape(shape)}`)
}

/** @throws AppError CONFIG_INVALID */
export function configOf(
  options: ProfileOptions & { port?: number; publicPort?: number },
  more: Parameters<typeof loadConfig>[0] = {},
): Config {
  const { profile, dataDir: dataDirectory, port, publicPort } = options
  return loadConfig({ profile, dataDirectory, port, publicPort, ...more })
}

/** For commander: a whole number within bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!/^[0-9]+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`must be a whole number from ${min} to ${max}.`)
    return value
  }
}

/** For commander. */
export function httpUrl(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError('must be an http or https address.')
  return text
}

/** For commander: an address of an option that can be given several times. */
export function httpUrls(text: string, before: readonly string[] = []): string[] {
  return [...before, httpUrl(text)]
}

/** @throws AppError FILE_NOT_FOUND · EMPTY_FILE */
export async function fileSize(path: string): Promise<number> {
  const found = await stat(path).catch(cause => {
    throw new AppError('FILE_NOT_FOUND', { path }, { cause })
  })
  if (!found.isFile()) throw new AppError('FILE_NOT_FOUND', { path, reason: 'not a file' })
  if (found.size === 0) throw new AppError('EMPTY_FILE', { path })
  return found.size
}

/** @throws AppError FILE_NOT_FOUND · EMPTY_FILE · FILE_TOO_LARGE */
export async function readTextFile(path: string, maxBytes = 16_777_216): Promise<string> {
  const size = await fileSize(path)
  if (size > maxBytes) throw new AppError('FILE_TOO_LARGE', { path, byteLength: size, maxBytes })
  return readFile(path, 'utf8')
}
