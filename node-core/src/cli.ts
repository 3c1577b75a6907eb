/** The `emerald` command: parses the line, runs one command, and turns what comes of it into output and an exit code. */

import { Command, CommanderError } from 'commander'
import { isAppError } from './base/app-error.ts'
import { addChainlessCommands } from './cli/chainless-commands.ts'
import { addClientCommands } from './cli/client-commands.ts'
import { addContractsCommands } from './cli/contracts-commands.ts'
import { addDemoCommand } from './cli/demo-command.ts'
import { addKzgCommands } from './cli/kzg-commands.ts'
import { printError } from './cli/output.ts'
import { addStartCommand } from './cli/start-command.ts'
import { createLog } from './telemetry/log.ts'
import { VERSION } from './version.ts'

/** @returns the exit code: 0 success, 1 failure, 2 wrong usage. */
export async function main(argv: readonly string[]): Promise<number> {
  const isJson = argv.includes('--json')
  // Whoever read our output has gone (`| head`): nothing is left to do, and it is no failure.
  process.stdout.on('error', error => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1))
  try {
    await createProgram().parseAsync([...argv], { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0
      if (isJson) printError({ code: 'USAGE', error: error.message.replace(/^error: /, '') }, true)
      return 2
    }
    if (process.env.LOG_LEVEL === 'debug') createLog({ level: 'debug' }).debug('command_failed', { err: error })
    printError(error, isJson)
    return isAppError(error, 'USAGE') ? 2 : 1
  }
}

function createProgram(): Command {
  const program = new Command('emerald')
    .description('Emerald Node: keeps data on IPFS and proves on chain that it still holds every byte.')
    .version(VERSION)
    .exitOverride()
    .enablePositionalOptions()
    .showHelpAfterError('(run with --help for the options)')
    .configureOutput({ outputError: (text, write) => write(text) })
  addStartCommand(program)
  addDemoCommand(program)
  addClientCommands(program)
  addKzgCommands(program)
  addChainlessCommands(program)
  addContractsCommands(program)
  return program
}
