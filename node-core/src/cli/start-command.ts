/** `emerald start`: runs the node until it is told to stop. */

import type { Command } from 'commander'
import { urlWithToken } from '../api/access-token.ts'
import { type ReadyEvent, readyEvent } from '../contract/cli.ts'
import { createLog } from '../telemetry/log.ts'
import { configOf, type ProfileOptions, wholeNumber, withJson, withProfile } from './options.ts'
import { printJson } from './output.ts'

type Options = ProfileOptions & { readonly port?: number; readonly publicPort?: number }

/** A second signal, or this long after the first, ends the process however far the orderly stop is. */
const STOP_TIMEOUT_MS = 15_000
/** Told while it still starts, the node first comes to the end of that: half a minute on a busy machine. */
const START_TIMEOUT_MS = 60_000

export function addStartCommand(program: Command): void {
  withJson(withProfile(program.command('start')), readyEvent)
    .description('run the node; prints one line of JSON when it serves')
    .option('--port <number>', 'port of the app on loopback; 0 = any free one', wholeNumber(0, 65_535))
    .option('--public-port <number>', 'port of the relay on loopback; 0 = any free one', wholeNumber(0, 65_535))
    .action(run)
}

async function run(options: Options): Promise<void> {
  const config = configOf(options)
  const log = createLog({ level: config.logLevel })
  const stop = listenForStop(() => log.info('stopping'))
  const { openHost } = await import('../host.ts') // loaded here: no other command needs the engine
  await using host = await openHost({ config, log })
  stop.hasStarted()
  if (!stop.isStopping())
    printJson({
      event: 'ready',
      url: urlWithToken(host.url, host.token),
      port: host.port,
      partnerPort: null,
      publicPort: host.publicPort,
      profile: config.profile,
    } satisfies ReadyEvent)
  await stop.asked
}

function listenForStop(onStop: () => void) {
  const { promise, resolve } = Promise.withResolvers<void>()
  let isStopping = false
  let isStarting = true
  let deadline: NodeJS.Timeout | undefined
  const exitAfter = (ms: number): void => {
    clearTimeout(deadline)
    deadline = setTimeout(() => process.exit(1), ms).unref()
  }
  const stop = (): void => {
    if (isStopping) process.exit(130)
    isStopping = true
    onStop()
    exitAfter(isStarting ? START_TIMEOUT_MS : STOP_TIMEOUT_MS)
    resolve()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  return {
    asked: promise,
    isStopping: () => isStopping,
    hasStarted(): void {
      isStarting = false
      if (isStopping) exitAfter(STOP_TIMEOUT_MS)
    },
  }
}
