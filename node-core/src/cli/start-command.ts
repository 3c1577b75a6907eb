/** `emerald start`: runs the node until it is told to stop. */

import type { Command } from 'commander'
import { openHost } from '../host.ts'
import { createLog } from '../telemetry/log.ts'
import { configOf, type ProfileOptions, wholeNumber, withProfile } from './options.ts'
import { printJson } from './output.ts'

type Options = ProfileOptions & { readonly port?: number }

/** A second signal, or this long, ends the process however far the orderly stop is. */
const STOP_TIMEOUT_MS = 15_000

export function addStartCommand(program: Command): void {
  withProfile(program.command('start'))
    .description('run the node; prints one line of JSON when it serves')
    .option('--port <number>', 'port of the app on loopback; 0 = any free one', wholeNumber(0, 65_535))
    .action(run)
}

async function run(options: Options): Promise<void> {
  const config = configOf(options)
  const log = createLog({ level: config.logLevel })
  const stop = stopSignal()
  await using host = await openHost({ config, log })
  printJson({
    event: 'ready',
    url: `${host.url}/#token=${host.token}`,
    port: host.port,
    partnerPort: null,
    publicPort: null,
    profile: config.profile,
  })
  await stop
  setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref()
  log.info('stopping')
}

function stopSignal(): Promise<void> {
  return new Promise(resolve => {
    let isStopping = false
    const stop = (): void => {
      if (isStopping) process.exit(130)
      isStopping = true
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  })
}
