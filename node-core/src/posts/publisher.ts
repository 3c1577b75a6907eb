/** What a publisher asks of the node: publish an upload, or just store it; both are jobs. */

import { open, rm } from 'node:fs/promises'
import type { Deployment } from '@emerald/contracts/deployments.ts'
import type { Clock } from '../base/clock.ts'
import type { BlockNode } from '../blocks/block-node.ts'
import { importFile } from '../blocks/import-file.ts'
import { SNIFF_BYTES, sniffContentType } from '../blocks/sniff-content-type.ts'
import type { Senders } from '../chain/senders.ts'
import type { Signer } from '../keys/signer.ts'
import type { Prover } from '../kzg/prover.ts'
import type { JobRecord, UploadRecord } from '../store/jobs-table.ts'
import type { Store } from '../store/store.ts'
import type { JobProgress, Jobs } from './jobs.ts'
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
type CompleteUpload = UploadRecord & { readonly path: string }
type JobKind = 'publish' | 'ipfs-add'
type Work = (progress: JobProgress, signal: AbortSignal) => Promise<Record<string, unknown>>
const FIRST_STEP = { publish: 'commit', 'ipfs-add': 'pin' } as const satisfies Record<JobKind, string>

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

  /** A refused file stays refused, so its upload is over. */
  async function typeOf(upload: CompleteUpload): Promise<string> {
    const declaredType = upload.contentType === '' ? undefined : upload.contentType
    try {
      const head = await readHead(upload.path)
      return (await sniffContentType({ head, fileName: upload.fileName, declaredType })).contentType
    } catch (error) {
      await uploads.remove(upload.uploadId)
      throw error
    }
  }

  /** The file of the upload goes when the job has ended, however it ended. */
  function start(kind: JobKind, upload: CompleteUpload, work: Work): JobRecord {
    return uploads.handOver(upload.uploadId, () =>
      jobs.start(kind, FIRST_STEP[kind], async (progress, signal) => {
        try {
          return await work(progress, signal)
        } finally {
          await rm(upload.path, { force: true })
        }
      }),
    )
  }

  return {
    /** @throws AppError UPLOAD_NOT_FOUND · UPLOAD_OUT_OF_ORDER · CONTENT_TYPE_NOT_ALLOWED · CONTENT_TYPE_MISMATCH · QUEUE_FULL */
    async publish(uploadId: string, termEpochs: number): Promise<JobRecord> {
      const upload = await uploads.complete(uploadId)
      const contentType = await typeOf(upload)
      return start('publish', upload, (progress, signal) =>
        publishFile({ ...upload, contentType, termEpochs }, progress, signal, publishDeps),
      )
    },
    /** Imports and pins without registering. @throws AppError UPLOAD_NOT_FOUND · UPLOAD_OUT_OF_ORDER · QUEUE_FULL */
    async add(uploadId: string): Promise<JobRecord> {
      const upload = await uploads.complete(uploadId)
      return start('ipfs-add', upload, (progress, signal) => {
        const onProgress = ({ bytes }: { bytes: number }): void => progress('pin', bytes / upload.byteLength)
        return importFile(deps.blocks, readFileParts(upload.path, signal), { signal, onProgress })
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
