/** `emerald ipfs fetch`: a content from gateways into a file, verified block by block; needs no running node. */

import type { Command } from 'commander'
import { AppError, isAppError } from '../base/app-error.ts'
import { systemClock } from '../base/clock.ts'
import type { FetchAttempt } from '../blocks/fetch-block.ts'
import { blockSourcesOf, sourcesAt } from '../configured-sources.ts'
import { commandOutput } from '../contract/cli.ts'
import { ERROR_CODES } from '../contract/error-codes.ts'
import { listenForInterrupt } from './listen-for-interrupt.ts'
import { configOf, httpUrls, type ProfileOptions, wholeNumber, withJson, withProfile } from './options.ts'
import { createProgressBar, printJson, printLine } from './output.ts'

type Options = ProfileOptions & {
  readonly json?: boolean
  readonly gateway?: readonly string[]
  readonly out: string
  readonly maxBytes: number
}

/** Of a post. */
const MAX_BYTES = 16 * 2 ** 30

export function addIpfsFetch(ipfs: Command): void {
  withJson(withProfile(ipfs.command('fetch <cid>')), commandOutput['ipfs fetch'])
    .description('get a file from trustless gateways, without a node')
    .option(
      '--gateway <url...>',
      'gateways, in order of preference; those of the configuration when not given',
      httpUrls,
    )
    .requiredOption('--out <file>', 'write to this file')
    .option('--max-bytes <n>', 'give up beyond so many bytes', wholeNumber(1, MAX_BYTES), MAX_BYTES)
    .action(fetch)
}

async function fetch(cid: string, options: Options): Promise<void> {
  const { gateway } = options
  const sources = gateway === undefined ? blockSourcesOf(configOf(options)) : sourcesAt('gateway', gateway)
  if (sources.length === 0)
    throw new AppError('USAGE', { reason: 'no gateway is configured: name one with --gateway URL' })
  const { downloadContent } = await import('../blocks/download-content.ts') // no other command needs these libraries
  const bar = createProgressBar(options.json === true)
  using interrupt = listenForInterrupt()
  try {
    const { byteLength, ...found } = await downloadContent({
      ...{ cid, sources, out: options.out, maxBytes: options.maxBytes },
      ...{ signal: interrupt.signal, clock: systemClock },
      onProgress: received => bar.show('fetch', received / options.maxBytes),
    })
    bar.end()
    if (options.json) printJson({ ok: true, cid, bytes: byteLength, ...found })
    else printLine(`Wrote ${byteLength} bytes to ${options.out}, most of them from ${found.source}.`)
  } catch (error) {
    bar.end()
    if (!options.json || !isAppError(error)) throw error
    const { code, data } = error
    printJson({ ok: false, code, error: ERROR_CODES[code].message, gateway: lastGateway(error), data })
    process.exitCode = 1
  }
}

/** Null when no gateway is to blame. */
function lastGateway({ data }: AppError): string | null {
  const attempts = (data.attempts ?? []) as readonly FetchAttempt[] // as fetch-from-sources.ts has them
  const source = attempts.findLast(each => each.source.startsWith('http'))?.source
  return source ?? null
}
