/** Commands that look at one thing on this machine: a bundle, the configuration, the database, the node's surroundings. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { AppError } from '../base/app-error.ts'
import { configEntries } from '../config-entries.ts'
import { type CommandError, commandOutput } from '../contract/cli.ts'
import { ERROR_CODES, type ErrorCode } from '../contract/error-codes.ts'
import { runDoctor } from '../doctor/run-doctor.ts'
import { proofBundle } from '../kzg/bundle-format.ts'
import { type BundleVerification, verifyBundleText } from '../kzg/proof-bundle.ts'
import { openDatabase } from '../store/database.ts'
import { lockDataDirectory } from '../store/lock-data-directory.ts'
import { schemaDifferences } from '../store/verify-schema.ts'
import { connect } from './connect.ts'
import { configOf, httpUrl, type ProfileOptions, readTextFile, withJson, withProfile } from './options.ts'
import { printJson, printLine, printTable } from './output.ts'

type Options = ProfileOptions & { readonly json?: boolean }

export function addChainlessCommands(program: Command): void {
  const proof = program.command('proof').description('exported proofs')
  withJson(proof.command('verify <bundle>'), commandOutput['proof verify'])
    .description('check an exported bundle offline, by code that shares nothing with the prover')
    .option('--rpc <url>', 'also ask a chain whether its contracts accepted this proof', httpUrl)
    .action(verifyProof)
  withJson(withProfile(program.command('doctor')), commandOutput.doctor)
    .description('look at what the node stands on; each fault comes with its fix')
    .action(doctor)
  withJson(withProfile(program.command('config')), commandOutput.config)
    .description('the effective configuration, and where each value came from')
    .action(showConfig)
  const db = program.command('db').description('the database of a profile; the node must not run')
  withJson(withProfile(db.command('migrate')), commandOutput['db migrate'])
    .description('bring the schema up to date, after a copy of the file')
    .action(migrate)
  withJson(withProfile(db.command('verify')), commandOutput['db verify'])
    .description('compare the schema with the migrations')
    .action(verifyDatabase)
}

async function verifyProof(path: string, options: Options & { readonly rpc?: string }): Promise<void> {
  const text = await readTextFile(path)
  const offline = verifyBundleText(text)
  const checks = [
    ...offline.checks,
    ...(options.rpc !== undefined && offline.ok ? await askChain(text, options.rpc) : []),
  ]
  const ok = checks.every(check => check.ok)
  if (options.json) printJson(ok ? { ok, checks } : { ...failureOf(checks), checks })
  else for (const check of checks) printLine(`${check.ok ? 'ok    ' : 'FAILED'} ${check.name}`)
  if (!ok) process.exitCode = 1
}

/** Only for a bundle that holds offline, so its form is known. The chain's code is loaded for this alone. */
async function askChain(text: string, url: string): Promise<BundleVerification['checks']> {
  const { verifyOnChain } = await import('../chain/verify-on-chain.ts')
  return verifyOnChain(proofBundle.parse(JSON.parse(text)), url)
}

/** A bundle of another form was not even looked into. */
function failureOf(checks: BundleVerification['checks']): CommandError {
  const isMalformed = checks.some(check => check.name === 'format' && !check.ok)
  return errorOf(isMalformed ? 'MALFORMED_BUNDLE' : 'PROOF_INVALID')
}

const errorOf = (code: ErrorCode): CommandError => ({ ok: false, code, error: ERROR_CODES[code].message })

/** A running node is asked; without one, what can be looked at from outside is. */
async function doctor(options: Options): Promise<void> {
  const config = configOf(options)
  const checks = await askRunningNode(options).catch(() => runDoctor(config, undefined))
  const isOk = checks.every(check => check.ok)
  if (options.json) printJson({ ok: isOk, checks })
  else printTable(checks.map(check => [check.ok ? 'ok' : 'FAILED', check.name, check.found, check.fix]))
  if (!isOk) process.exitCode = 1
}

async function askRunningNode(options: Options) {
  await using connection = await connect(options)
  return (await connection.client.doctor.run()).checks
}

function showConfig(options: Options): void {
  const entries = configEntries(configOf(options))
  if (options.json) printJson({ ok: true, entries })
  else printTable([['NAME', 'VALUE', 'FROM'], ...entries.map(each => [each.name, each.value, each.source])])
}

function migrate(options: Options): void {
  const { dataDirectory } = configOf(options)
  using _ = lockDataDirectory(dataDirectory)
  const db = openDatabase(databasePath(dataDirectory))
  const version = Number(db.pragma('user_version', { simple: true }))
  db.close()
  if (options.json) printJson({ ok: true, version })
  else printLine(`The schema is at version ${version}.`)
}

function verifyDatabase(options: Options): void {
  const differences = schemaDifferences(databasePath(configOf(options).dataDirectory))
  if (options.json) printJson({ ...(differences.length === 0 ? { ok: true } : errorOf('DATABASE_ERROR')), differences })
  else if (differences.length === 0) printLine('The schema is what the migrations make.')
  else for (const difference of differences) printLine(difference)
  if (differences.length > 0) process.exitCode = 1
}

/** @throws AppError FILE_NOT_FOUND when the profile has no database yet */
function databasePath(dataDirectory: string): string {
  const path = join(dataDirectory, 'node', 'node.sqlite')
  if (!existsSync(path)) throw new AppError('FILE_NOT_FOUND', { path, reason: 'the profile has no database yet' })
  return path
}
