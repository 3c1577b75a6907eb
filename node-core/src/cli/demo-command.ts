/** `emerald demo`: the whole story on a throwaway chain, then an account of whether all held. */

import { resolve } from 'node:path'
import type { Command } from 'commander'
import { AppError } from '../base/app-error.ts'
import { loadConfig } from '../config.ts'
import { type DemoReport, demoReport } from '../contract/cli.ts'
import { createLog } from '../telemetry/log.ts'
import { fileSize, wholeNumber, withJson } from './options.ts'
import { createProgressBar, printJson, printLine } from './output.ts'

type Options = {
  readonly blobs: number
  readonly operators: number
  readonly epochs: number
  readonly file?: string
  readonly miss?: boolean
  readonly corrupt?: boolean
  readonly reorg: number
  readonly json?: boolean
}

export function addDemoCommand(program: Command): void {
  const command = program
    .command('demo')
    .description('publish, attest, challenge and prove on a throwaway chain; exits 0 only if everything held')
    .option('--blobs <n>', 'size of the made-up file in blobs of 126,945 bytes', wholeNumber(1, 2_000), 3)
    .option('--operators <n>', 'operators', wholeNumber(1, 20), 3)
    .option('--epochs <n>', 'challenged epochs', wholeNumber(1, 1_000), 3)
    .option('--file <path>', 'publish this file instead of a made-up one')
    .option(
      '--miss',
      'one operator misses the first epoch, is reported and slashed, and the next epoch asks for more blobs',
    )
    .option('--corrupt', 'one operator finds a damaged block on its disk')
    .option('--reorg <depth>', 'replace the newest blocks in the middle of an epoch', wholeNumber(0, 32), 0)
  withJson(command, demoReport).action(run)
}

async function run(options: Options): Promise<void> {
  const config = loadConfig({ profile: 'demo', rpcUrl: '' })
  const file = options.file === undefined ? undefined : resolve(options.file)
  if (file !== undefined) await fileSize(file)
  const { runDemo } = await import('../demo/run-demo.ts') // loaded here: no other command needs the engine
  const bar = createProgressBar(options.json === true)
  const stop = new AbortController()
  const abort = (): void => stop.abort(new AppError('NODE_STOPPING'))
  process.once('SIGINT', abort).once('SIGTERM', abort)
  try {
    const report = await runDemo(
      {
        ...options,
        file,
        miss: options.miss === true,
        corrupt: options.corrupt === true,
        proverWorkers: config.proverWorkers,
        uploadMaxBytes: config.uploadMaxBytes,
      },
      {
        log: createLog({ level: process.env.LOG_LEVEL === undefined ? 'silent' : config.logLevel }),
        progress: bar.show,
        signal: stop.signal,
      },
    )
    bar.end()
    if (options.json) printJson(report)
    else printReport(report)
    if (!report.ok) process.exitCode = 1
  } finally {
    bar.end()
    process.off('SIGINT', abort).off('SIGTERM', abort)
  }
}

function printReport(report: DemoReport): void {
  printLine(
    `${report.attested} of ${report.posts} post attested (${report.blobs} blobs) by ${report.operators} operators`,
  )
  printLine(
    `${report.proven} of ${report.challenges} challenges proven in ${report.epochs} epochs, ${report.missed} missed, ${report.slashed} slashed`,
  )
  if (report.escalated > 0) printLine(`${report.escalated} post was asked for more after a miss`)
  if (report.corrupt !== null)
    printLine(`operator ${report.corrupt.operator} found a damaged block: ${report.corrupt.outcome}`)
  if (report.reorgs > 0) printLine(`${report.reorgs} reorganisation survived`)
  if (report.proveMs !== null)
    printLine(
      `a proof took ${report.proveMs.median.toFixed(0)} ms (median) and ${report.gas.proveFold ?? report.gas.proveOne ?? '?'} gas`,
    )
  for (const failure of report.failures) printLine(`failed: ${failure}`)
  printLine(`${report.ok ? 'All held' : 'Not everything held'} after ${report.seconds.toFixed(1)} s.`)
}
