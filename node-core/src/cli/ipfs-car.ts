/** `emerald ipfs export` and `ipfs import`: a content of a running node as a CAR file, and back. */

import type { Command } from 'commander'
import type { CID } from 'multiformats/cid'
import { AppError } from '../base/app-error.ts'
import { commandOutput } from '../contract/cli.ts'
import { connect } from './connect.ts'
import { listenForInterrupt } from './listen-for-interrupt.ts'
import { type ProfileOptions, withJson, withProfile } from './options.ts'
import { createProgressBar, printJson, printLine } from './output.ts'
import { followJob, sendUpload } from './send-upload.ts'

type Options = ProfileOptions & { readonly json?: boolean }

export function addIpfsCar(ipfs: Command): void {
  withJson(withProfile(ipfs.command('export <cid> <file>')), commandOutput['ipfs export'])
    .description('write a content to a CAR file, block by block')
    .action(exportToFile)
  withJson(withProfile(ipfs.command('import <file>')), commandOutput['ipfs import'])
    .description('take in a CAR file, and pin its roots')
    .action(importFromFile)
}

async function exportToFile(cid: string, file: string, options: Options): Promise<void> {
  const { exportCar } = await import('../blocks/export-car.ts') // few other commands need these libraries
  const { isIntact } = await import('../blocks/verified-blockstore.ts')
  const { writeFileFrom } = await import('../blocks/write-file-from.ts')
  await using connection = await connect(options)
  using interrupt = listenForInterrupt()
  let blocks = 0

  async function read(block: CID): Promise<Uint8Array> {
    const asked = { cid: block.toV1().toString() }
    const answer = await connection.client.ipfs.block(asked, { signal: interrupt.signal })
    const bytes = Buffer.from(answer.bytesBase64, 'base64')
    if (!isIntact(block, bytes)) throw new AppError('IPFS_HASH_MISMATCH', asked)
    blocks += 1
    return bytes
  }

  const bytes = await writeFileFrom(file, exportCar({ blocks: { read } }, cid, { signal: interrupt.signal }))
  if (options.json) printJson({ ok: true, cid, bytes, blocks, file })
  else printLine(`Wrote ${file} (bytes: ${bytes}, blocks: ${blocks}). Take it in with: emerald ipfs import ${file}`)
}

async function importFromFile(file: string, options: Options): Promise<void> {
  await using connection = await connect(options)
  const bar = createProgressBar(options.json === true)
  try {
    const uploadId = await sendUpload(connection.client, file, '', share => bar.show('send', share))
    const result = await followJob(connection.client, await connection.client.ipfs.import({ uploadId }), bar.show)
    bar.end()
    if (options.json) return printJson({ ok: true, ...result })
    const { roots } = commandOutput['ipfs import'].parse({ ok: true, ...result })
    for (const root of roots) printLine(root)
  } finally {
    bar.end()
  }
}
