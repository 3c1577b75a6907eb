/** Commands about blobs, commitments, openings and proofs; none of them needs a running node. */

import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { AppError } from '../base/app-error.ts'
import { type Hex, hexToBytes, isHex } from '../base/hex.ts'
import { loadConfig } from '../config.ts'
import { commandOutput } from '../contract/cli.ts'
import { hashToField } from '../domain/hash-to-field.ts'
import { blobCountOf, encodeBlobs, PAYLOAD_BYTES_PER_BLOB } from '../kzg/blob-encoding.ts'
import { commitFile, openBlobs } from '../kzg/file-commitments.ts'
import { openProverPool } from '../kzg/prover-pool.ts'
import { verifyOpening } from '../kzg/verify-opening.ts'
import { readFileParts } from '../posts/uploads.ts'
import { fileSize, wholeNumber, withJson } from './options.ts'
import { printJson, printLine, printTable } from './output.ts'

export function addKzgCommands(program: Command): void {
  const kzg = program.command('kzg').description('blobs, commitments and openings')
  withJson(kzg.command('encode <file>'), commandOutput['kzg encode'])
    .description('the EMR1 blobs of a file, 131,072 bytes each, on stdout or in a file')
    .option('--out <file>', 'file to write; with --json and without it the blobs are only counted')
    .action(encode)
  withJson(kzg.command('commit <file>'), commandOutput['kzg commit'])
    .description('commitments, versioned hashes, root and CID of a file')
    .action(commit)
  withJson(kzg.command('open <file>'), commandOutput['kzg open'])
    .description('answer a challenge from a file')
    .requiredOption('--post-id <hex>', '32 bytes', bytes(32))
    .requiredOption('--operator <index>', 'operator index', wholeNumber(0, 255))
    .requiredOption('--salt <hex>', '32 bytes', bytes(32))
    .requiredOption('--level <level>', 'challenge level', wholeNumber(0, 2))
    .requiredOption('--root <hex>', 'root of the post, 32 bytes', bytes(32))
    .option('--blobs-at-level <list>', 'blobs opened at levels 0,1,2', levels, [4, 16, 64])
    .action(openFile)
  withJson(kzg.command('verify'), commandOutput['kzg verify'])
    .description('check one opening, without the prover')
    .requiredOption('--commitment <hex>', '48 bytes', bytes(48))
    .requiredOption('--z <scalar>', 'point, decimal or 0x hex', scalar)
    .requiredOption('--y <scalar>', 'value, decimal or 0x hex', scalar)
    .requiredOption('--proof <hex>', '48 bytes', bytes(48))
    .action(verify)
  withJson(program.command('challenge-point'), commandOutput['challenge-point'])
    .description('hash to the scalar field (RFC 9380, expand_message_xmd with SHA-256, L = 48)')
    .requiredOption('--dst <tag>', 'domain separation tag, 1 to 255 bytes', tag)
    .requiredOption('--message <hex>', 'message bytes', bytes())
    .action(challengePoint)
}

type Json = { readonly json?: boolean }

async function encode(file: string, options: Json & { out?: string }): Promise<void> {
  const byteLength = await fileSize(file)
  if (options.out !== undefined) await writeBlobs(file, createWriteStream(options.out), options.out)
  else if (!options.json) return writeBlobs(file, process.stdout, 'stdout')
  const result = { ok: true, byteLength, blobs: blobCountOf(byteLength), file: options.out ?? null }
  if (options.json) printJson(result)
  else printLine(`Wrote ${result.blobs === 1 ? '1 blob' : `${result.blobs} blobs`} to ${options.out}.`)
}

/** @throws AppError FILE_NOT_WRITABLE */
async function writeBlobs(file: string, out: Writable, path: string): Promise<void> {
  await pipeline(encodeBlobs(readFileParts(file)), out, { end: out !== process.stdout }).catch(cause => {
    throw new AppError('FILE_NOT_WRITABLE', { path }, { cause })
  })
}

async function commit(file: string, options: Json): Promise<void> {
  await fileSize(file)
  const { cidOfFile } = await import('../blocks/cid-of-file.ts') // loaded here: no other command needs the importer
  await using prover = openPool()
  const [committed, cid] = await Promise.all([commitFile(readFileParts(file), prover), cidOfFile(readFileParts(file))])
  const { byteLength, blobs, root, commitments, versionedHashes } = committed
  if (options.json) return printJson({ ok: true, byteLength, blobs, root, cid, commitments, versionedHashes })
  printTable([
    ['bytes', String(byteLength)],
    ['blobs', String(blobs)],
    ['root', root],
    ['cid', cid],
    ...commitments.map((each, at) => [`commitment ${at}`, each]),
  ])
}

type OpenOptions = Json & { postId: Hex; operator: number; salt: Hex; level: number; root: Hex; blobsAtLevel: number[] }

async function openFile(file: string, options: OpenOptions): Promise<void> {
  const byteLength = await fileSize(file)
  const { postId, operator, salt, root } = options
  const blobsAtLevel = options.blobsAtLevel[options.level] ?? 1
  await using prover = openPool()
  await using source = await open(file)
  const payloadAt = async (index: number): Promise<Uint8Array> => {
    const offset = index * PAYLOAD_BYTES_PER_BLOB
    const payload = new Uint8Array(Math.min(PAYLOAD_BYTES_PER_BLOB, byteLength - offset))
    await source.read(payload, 0, payload.length, offset)
    return payload
  }
  const opening = await openBlobs(
    { postId, operator, salt, root, blobCount: blobCountOf(byteLength), blobsAtLevel, payloadAt },
    prover,
  )
  if (options.json) printJson({ ok: true, ...opening })
  else printTable(Object.entries(opening).map(([name, value]) => [name, String(value)]))
}

async function verify(options: Json & { commitment: Hex; z: bigint; y: bigint; proof: Hex }): Promise<void> {
  const isOk = verifyOpening({
    commitment: options.commitment,
    z: options.z,
    y: options.y,
    proof: options.proof,
  })
  if (!isOk) throw new AppError('PROOF_INVALID', {})
  if (options.json) printJson({ ok: true })
  else printLine('The opening is right.')
}

async function challengePoint(options: Json & { dst: string; message: Hex }): Promise<void> {
  const result = hashToField(options.dst, hexToBytes(options.message))
  if (options.json) printJson({ ok: true, scalar: result })
  else printLine(result.toString())
}

function openPool() {
  const { proverWorkers } = loadConfig({ profile: 'demo', rpcUrl: '' })
  return openProverPool({ workers: proverWorkers, maxQueued: 256, taskTimeoutMs: 60_000 })
}

// For commander: what they refuse is wrong usage.

/** @param width in bytes; any length when not given. */
function bytes(width?: number): (text: string) => Hex {
  return text => {
    const hex = text.toLowerCase()
    if (!isHex(hex, width))
      throw new InvalidArgumentError(
        width === undefined ? 'must be 0x and hex digits.' : `must be 0x and ${width} bytes of hex.`,
      )
    return hex
  }
}

function scalar(text: string): bigint {
  if (!/^(?:[0-9]{1,78}|0x[0-9a-fA-F]{1,64})$/.test(text))
    throw new InvalidArgumentError('must be a decimal or 0x number.')
  return BigInt(text)
}

function tag(text: string): string {
  const length = Buffer.byteLength(text)
  if (length === 0 || length > 255) throw new InvalidArgumentError('must have 1 to 255 bytes.')
  return text
}

function levels(text: string): number[] {
  const counts = text.split(',').map(Number)
  if (counts.length !== 3 || !counts.every(each => Number.isInteger(each) && each >= 1 && each <= 64))
    throw new InvalidArgumentError('must be three whole numbers from 1 to 64, joined by commas.')
  return counts
}
