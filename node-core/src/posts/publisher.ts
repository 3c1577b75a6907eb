/** What a publisher asks of the node: publish an upload, or just store it; both are jobs. */

import { open } from 'node:fs/promises'
import type { Deployment } from '@emerald/contracts/deployments.ts'
import type { Clock } from '../base/clock.ts'
import type { BlockNode } from '../blocks/block-node.ts'
import { importFile } from '../blocks/import-file.ts'
import { SNIFF_BYTES, sniffContentType } from '../blocks/sniff-content-type.ts'
import type { Senders } from '../chain/senders.ts'
import type { Signer } from '../keys/signer.ts'
import type { Prover } from '../kzg/prover.ts'
import type { JobRecord } from '../store/jobs-table.ts'
import type { Store } from '../store/store.ts'
import type { Jobs } from './jobs.ts'
import { publishFile } from './publish-file.ts'
import { readFileParts, type Uploads } from './uploads.ts'

type Options = { readonly deployment: Deployment; readonly key: Signer }
type Deps = {
  readonly store: Store
  readonly blocks: BlockNode
  readonly prover: Prover
  readonly senders: Senders
  readonly jobs: Jobs
  readonly uploads: Uploads
  readonly clock: Clock
}
export type Publisher = ReturnType<typeof createPublisher>

export function createPublisher({ deployment, key }: Options, deps: Deps) {
  const { uploads, jobs } = deps
  const publishDeps = {
    store: deps.store,
    blocks: deps.blocks,
    prover: deps.prover,
    sender: deps.senders.of(key),
    chainId: deployment.chainId,
    postRegistry: deployment.postRegistry,
    publisher: key.address,
    now: deps.clock.now,
  }
  return {
    /** @throws AppError UPLOAD_NOT_FOUND · UPLOAD_OUT_OF_ORDER · CONTENT_TYPE_NOT_ALLOWED · CONTENT_TYPE_MISMATCH · QUEUE_FULL */
    async publish(uploadId: string, termEpochs: number): Promise<JobRecord> {
      const upload = await uploads.complete(uploadId)
      const declaredType = upload.contentType === '' ? undefined : upload.contentType
      const { contentType } = await sniffContentType({
        head: await readHead(upload.path),
        fileName: upload.fileName,
        declaredType,
      })
      return jobs.start('publish', 'commit', async (progress, signal) => {
        try {
          return await publishFile({ ...upload, contentType, termEpochs }, progress, signal, publishDeps)
        } finally {
          await uploads.remove(uploadId)
        }
      })
    },
    /** Imports and pins without registering. @throws AppError UPLOAD_NOT_FOUND · UPLOAD_OUT_OF_ORDER · QUEUE_FULL */
    async add(uploadId: string): Promise<JobRecord> {
      const upload = await uploads.complete(uploadId)
      return jobs.start('ipfs-add', 'pin', async (progress, signal) => {
        try {
          const onProgress = ({ bytes }: { bytes: number }): void => progress('pin', bytes / upload.byteLength)
          return await importFile(deps.blocks, readFileParts(upload.path, signal), { signal, onProgress })
        } finally {
          await uploads.remove(uploadId)
        }
      })
    },
  }
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const head = new Uint8Array(SNIFF_BYTES)
    const { bytesRead } = await file.read(head, 0, SNIFF_BYTES, 0)
    return head.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
