/** Commands that talk to a running node: publish, posts, challenges, proofs, ipfs. */

import { once } from 'node:events'
import { open } from 'node:fs/promises'
import type { Command } from 'commander'
import type { z } from 'zod'
import { AppError } from '../base/app-error.ts'
import { commandOutput } from '../contract/cli.ts'
import { UPLOAD_PART_BYTES } from '../contract/operator.ts'
import { connect } from './connect.ts'
import { exportDocument } from './export-document.ts'
import { addIpfsCar } from './ipfs-car.ts'
import { addIpfsFetch } from './ipfs-fetch.ts'
import { type ProfileOptions, wholeNumber, withJson, withProfile } from './options.ts'
import { createProgressBar, printJson, printLine, printTable } from './output.ts'
import { followJob, sendUpload } from './send-upload.ts'

type ListOptions = ProfileOptions & { readonly json?: boolean; readonly limit: number; readonly cursor?: string }

export function addClientCommands(program: Command): void {
  withJson(withProfile(program.command('publish <file>')), commandOutput.publish)
    .description('publish a file: commit, pin, register')
    .option('--content-type <type>', 'what the file is; found out when not given', '')
    .option('--term-epochs <n>', 'epochs for which it is to be held', wholeNumber(1, 1_000_000), 1_000)
    .option('--wait', 'wait until the post is attested')
    .action(publish)
  // Both have the options of a profile: what stands behind the second word is the second word's.
  const posts = program.command('posts').enablePositionalOptions()
  withList(posts, commandOutput.posts).description('posts that the chain knows').action(listPosts)
  withJson(withProfile(posts.command('forget <id>')), commandOutput['posts forget'])
    .description('remove the content of a post that this node does not answer for')
    .action(forgetPost)
  withList(program.command('challenges'), commandOutput.challenges)
    .description('challenges, newest deadline first')
    .option('--operator <index>', 'of this operator', wholeNumber(0, 255))
    .option('--evidence <id...>', 'ID FILE: write the evidence of a missed challenge of an own operator to a file')
    .action(async (options: ChallengesOptions) =>
      options.evidence === undefined
        ? listChallenges(options)
        : exportDocument({
            ...{ options, words: options.evidence, usage: 'challenges --evidence ID FILE' },
            read: (client, id) => client.challenges.evidence({ id }),
            next: () => 'It holds addresses, hashes and log lines, and no key.',
          }),
    )
  addProofsCommand(program)
  addIpfsCommands(program)
}

function withList(command: Command, shape: z.ZodType): Command {
  return withJson(withProfile(command), shape)
    .option('--limit <n>', 'items at most', wholeNumber(1, 200), 50)
    .option('--cursor <cursor>', 'where the page before ended')
}

async function publish(
  file: string,
  options: ProfileOptions & { json?: boolean; contentType: string; termEpochs: number; wait?: boolean },
): Promise<void> {
  await using connection = await connect(options)
  const { client } = connection
  const bar = createProgressBar(options.json === true)
  try {
    const uploadId = await sendUpload(client, file, options.contentType, share => bar.show('send', share))
    const job = await client.posts.publish({ uploadId, termEpochs: options.termEpochs })
    const result = await followJob(client, job, bar.show)
    if (options.wait) await waitForAttestation(client, String(result.postId), bar.show)
    bar.end()
    if (options.json) printJson({ ok: true, ...result })
    else printTable(Object.entries(result).map(([name, value]) => [name, String(value)]))
  } finally {
    bar.end()
  }
}

async function forgetPost(postId: string, options: ProfileOptions & { json?: boolean }): Promise<void> {
  await using connection = await connect(options)
  const forgotten = await connection.client.posts.forget({ postId })
  if (options.json) printJson({ ok: true, ...forgotten })
  else printLine(`Removed the content, ${forgotten.deletedBlocks} blocks of ${forgotten.cid}.`)
}

const ATTESTATION_TIMEOUT_MS = 300_000

async function waitForAttestation(
  client: Awaited<ReturnType<typeof connect>>['client'],
  postId: string,
  onProgress: (step: string, share: number) => void,
): Promise<void> {
  onProgress('attest', 1)
  const isAttested = async (): Promise<boolean> => {
    const post = await client.posts.get({ postId }).catch(() => undefined)
    return post !== undefined && post.state !== 'registered'
  }
  if (await isAttested()) return
  const signal = AbortSignal.timeout(ATTESTATION_TIMEOUT_MS)
  for await (const event of await client.node.events({}, { signal })) {
    if ((event.topic === 'post' || event.topic === 'head') && (await isAttested())) return
  }
  throw new AppError('TIMEOUT', { waitingFor: 'attestation', postId })
}

async function listPosts(options: ListOptions): Promise<void> {
  await using connection = await connect(options)
  const page = await connection.client.posts.list({ limit: options.limit, cursor: options.cursor })
  if (options.json) return printJson({ ok: true, ...page })
  if (page.items.length === 0) return printLine('No posts yet. Publish a file with: emerald publish FILE')
  printTable([
    ['POST', 'STATE', 'CONTENT', 'BLOBS', 'BYTES', 'PROVEN', 'FILE'],
    ...page.items.map(post => [
      post.postId,
      post.state,
      post.content,
      String(post.blobCount),
      String(post.byteLength),
      String(post.provenCount),
      post.fileName ?? '',
    ]),
  ])
}

type ChallengesOptions = ListOptions & { readonly operator?: number; readonly evidence?: string[] }

async function listChallenges(options: ChallengesOptions): Promise<void> {
  await using connection = await connect(options)
  const page = await connection.client.challenges.list({
    limit: options.limit,
    cursor: options.cursor,
    operator: options.operator,
  })
  if (options.json) return printJson({ ok: true, ...page })
  if (page.items.length === 0)
    return printLine('No challenges yet. The first come in the epoch after a post is attested.')
  printTable([
    ['EPOCH', 'OPERATOR', 'STATE', 'BLOBS', 'DEADLINE BLOCK', 'POST'],
    ...page.items.map(each => [
      String(each.epoch),
      String(each.operator),
      each.state,
      each.indexes.join(','),
      String(each.deadlineBlock),
      each.postId,
    ]),
  ])
}

function addProofsCommand(program: Command): void {
  withList(program.command('proofs'), commandOutput.proofs)
    .description('proofs that the chain accepted, newest first; with --export one of them as a bundle')
    .option('--export <id...>', 'ID FILE: write the bundle of a proof to a file')
    .action(async (options: ListOptions & { export?: string[] }) =>
      options.export === undefined
        ? listProofs(options)
        : exportDocument({
            ...{ options, words: options.export, usage: 'proofs --export ID FILE' },
            read: (client, id) => client.proofs.export({ id }),
            next: file => `Check it anywhere with: emerald proof verify ${file}`,
          }),
    )
}

async function listProofs(options: ListOptions): Promise<void> {
  await using connection = await connect(options)
  const page = await connection.client.proofs.list({ limit: options.limit, cursor: options.cursor })
  if (options.json) return printJson({ ok: true, ...page })
  if (page.items.length === 0) return printLine('No proofs yet.')
  printTable([
    ['ID', 'BLOCK', 'GAS', 'ACCEPTED'],
    ...page.items.map(each => [each.id, String(each.blockNumber), String(each.gasUsed ?? ''), each.acceptedAt]),
  ])
}

function addIpfsCommands(program: Command): void {
  const ipfs = program.command('ipfs').description('the embedded IPFS node')
  withJson(withProfile(ipfs.command('add <file>')), commandOutput['ipfs add'])
    .description('import and pin a file')
    .action(ipfsAdd)
  withJson(withProfile(ipfs.command('cat <cid>')), commandOutput['ipfs cat'])
    .description('write the bytes of a CID to stdout, or to a file')
    .option('--out <file>', 'write to this file (needed with --json)')
    .action(ipfsCat)
  addIpfsFetch(ipfs)
  addIpfsCar(ipfs)
}

async function ipfsAdd(file: string, options: ProfileOptions & { json?: boolean }): Promise<void> {
  await using connection = await connect(options)
  const bar = createProgressBar(options.json === true)
  try {
    const uploadId = await sendUpload(connection.client, file, '', share => bar.show('send', share))
    const result = await followJob(connection.client, await connection.client.ipfs.add({ uploadId }), bar.show)
    bar.end()
    if (options.json) printJson({ ok: true, ...result })
    else printLine(String(result.cid))
  } finally {
    bar.end()
  }
}

async function ipfsCat(cid: string, options: ProfileOptions & { json?: boolean; out?: string }): Promise<void> {
  if (options.json && options.out === undefined)
    throw new AppError('USAGE', { reason: '--json needs --out FILE, because the bytes would go to stdout' })
  await using connection = await connect(options)
  const read = async (offset: number): Promise<Uint8Array> => {
    const part = await connection.client.ipfs.read({ cid, offset, length: UPLOAD_PART_BYTES })
    return Buffer.from(part.bytesBase64, 'base64')
  }
  const first = await read(0) // before the file is made: content that isn't there leaves none behind
  if (options.out === undefined) return void (await copyParts(first, read, writeStdout))
  const { out } = options
  await using file = await open(out, 'w').catch(cause => cannotWrite(out, cause))
  const byteLength = await copyParts(first, read, bytes =>
    file.writeFile(bytes).catch(cause => cannotWrite(out, cause)),
  )
  if (options.json) printJson({ ok: true, cid, byteLength, file: out })
}

/** A part shorter than asked for is the last. @returns bytes copied. */
async function copyParts(
  first: Uint8Array,
  read: (offset: number) => Promise<Uint8Array>,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<number> {
  let byteLength = 0
  for (let part = first; ; part = await read(byteLength)) {
    await write(part)
    byteLength += part.length
    if (part.length < UPLOAD_PART_BYTES) return byteLength
  }
}

async function writeStdout(bytes: Uint8Array): Promise<void> {
  if (!process.stdout.write(bytes)) await once(process.stdout, 'drain')
}

/** @throws AppError FILE_NOT_WRITABLE */
function cannotWrite(path: string, cause: unknown): never {
  throw new AppError('FILE_NOT_WRITABLE', { path }, { cause })
}
