/** Commands about the contracts on a chain: deploy them, compare them with this build, show their parameters. */

import type { Finding } from '@emerald/contracts/finding.ts'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Address, getAddress, isAddress, isAddressEqual, zeroAddress } from 'viem'
import { commandOutput } from '../contract/cli.ts'
import { ERROR_CODES, type ErrorCode } from '../contract/error-codes.ts'
import { type DeployFlags, deploy } from './contracts-deploy.ts'
import { httpUrl, wholeNumber, withJson } from './options.ts'
import { printJson, printLine, printTable } from './output.ts'

const MOST_DELAY_SECONDS = 10 * 365 * 86_400

type ChainFlags = { readonly rpc: string; readonly deployment: string; readonly json?: boolean }

export function addContractsCommands(program: Command): void {
  const contracts = program.command('contracts').description('the contracts on a chain')
  withJson(contracts.command('deploy'), commandOutput['contracts deploy'])
    .description('deploy the protocol with its governance; a run that was cut short goes on when it is repeated')
    .requiredOption('--rpc <url>', 'the chain', httpUrl)
    .requiredOption('--key-file <file>', "the deployer's private key as hex, in a file that only you can read")
    .addOption(
      new Option('--profile <name>', 'parameters').choices(['demo', 'anvil', 'public']).makeOptionMandatory(true),
    )
    .option('--out <file>', 'write the deployment to this file; needed on chains that are not local')
    .option(
      '--safe <address>',
      'the multisig that governs; on local chains one of three published keys is made',
      address,
    )
    .option('--guardian <address>', 'who may pause and cancel', address)
    .option('--relay <address...>', 'who may submit attestations before everybody may', collectAddresses, [])
    .option('--treasury <address>', 'who gets what is slashed', address)
    .option('--delay <seconds>', "the timelock's delay instead of the profile's", wholeNumber(1, MOST_DELAY_SECONDS))
    .option('--lead <blocks>', 'blocks from now to the first epoch', wholeNumber(1, 1_000_000), 100)
    .option('--dry-run', 'say what would be done, and end')
    .action((flags: DeployFlags) => deploy(flags))
  withDeployment(contracts.command('verify'), 'contracts verify')
    .description('compare code, references, roles and delay with what this build would deploy')
    .action(verify)
  withDeployment(contracts.command('params'), 'contracts params')
    .description('every parameter with its bounds and who sets it, and whether they keep what the protocol promises')
    .action(params)
}

function withDeployment(command: Command, name: 'contracts verify' | 'contracts params'): Command {
  return withJson(command, commandOutput[name])
    .requiredOption('--rpc <url>', 'the chain', httpUrl)
    .requiredOption('--deployment <file>', 'what `contracts deploy --out` wrote')
}

async function verify({ rpc, deployment, json }: ChainFlags): Promise<void> {
  const { verifyContracts } = await import('../governance/inspect-contracts.ts')
  const checks = await verifyContracts({ rpcUrl: rpc, deploymentPath: deployment })
  const ok = checks.every(check => check.ok)
  if (json) printJson({ ...(ok ? { ok } : failed('DEPLOYMENT_DIFFERS')), checks })
  else for (const line of [...checks.map(lineOf), summaryOf(checks)]) printLine(line)
  if (!ok) process.exitCode = 1
}

function summaryOf(checks: readonly Finding[]): string {
  const differences = checks.filter(check => !check.ok).length
  return `${checks.length} things were compared: ${differences === 0 ? 'no difference' : `${differences} differ`}.`
}

/** Where more than one value is as it should be, the reader sees which one it is. */
const lineOf = ({ ok, name, expected, found }: Finding): string =>
  ok
    ? `ok      ${name}${found === expected ? '' : `: ${found}`}`
    : `DIFFERS ${name}\n        expected ${expected}\n        found    ${found}`

async function params({ rpc, deployment, json }: ChainFlags): Promise<void> {
  const { showParameters } = await import('../governance/inspect-contracts.ts')
  const shown = await showParameters({ rpcUrl: rpc, deploymentPath: deployment })
  const ok = shown.checks.every(check => check.ok)
  if (json) printJson({ ...(ok ? { ok } : failed('PARAMETERS_UNSAFE')), ...shown })
  else {
    printTable([
      ['PARAMETER', 'VALUE', 'UNIT', 'MINIMUM', 'MAXIMUM', 'SET BY'],
      ...shown.parameters.map(row => [row.name, row.value, row.unit, row.minimum, row.maximum, row.setter]),
    ])
    for (const check of shown.checks)
      printLine(`${check.ok ? 'ok    ' : 'BROKEN'} ${check.name}: needs ${check.needed}, has ${check.found}`)
  }
  if (!ok) process.exitCode = 1
}

const failed = (code: ErrorCode) => ({ ok: false, code, error: ERROR_CODES[code].message })

function address(text: string): Address {
  if (!isAddress(text))
    throw new InvalidArgumentError(
      'must be 0x and 40 hex digits; capitals are a checksum, so all of them must be right or none be there.',
    )
  if (isAddressEqual(text, zeroAddress)) throw new InvalidArgumentError('must not be the zero address.')
  return getAddress(text)
}

const collectAddresses = (text: string, before: readonly Address[]): readonly Address[] => [...before, address(text)]
