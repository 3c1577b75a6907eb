/** What a publisher asks of the node: publish an upload, or just store it; both are jobs. */

import { open, rm } from 'node:fs/promises'
import type { Deployment } from '@emerald/contracts/deployments.ts'
import { z } from 'zod'
import type { Clock } from '../base/clock.ts'
import type { BlockNode } from '../blocks/block-node.ts'
import { importCar } from '../blocks/import-car.ts'
import { importFile } from '../blocks/import-file.ts'
import { SNIFF_BYTES, sniffContentType } from '../blocks/sniff-content-type.ts'
import type { Senders } from '../chain/senders.ts'
import type { Signer } from '../keys/signer.ts'
import type { Prover } from '../kzg/prover.ts'
import type { JobInput, JobKind, JobRecord, UploadRecord } from '../store/jobs-table.ts'
import type { Store } from '../store/store.ts'
import type { Jobs } from './jobs.ts'
import { isRegistrationSigned, publishFile } from './publish-file.ts'
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

/** Inputs of the kinds of job. `nonce` is decimal: the post of a job that is done again is the same one. */
const addInput = z.object({ uploadId: z.string(), byteLength: z.number() })
const publishInput = addInput.extend({
  fileName: z.string(),
  contentType: z.string(),
  termEpochs: z.number(),
  nonce: z.string(),
})

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
  const tidy = (input: JobInput): Promise<void> => rm(uploads.pathOf(addInput.parse(input).uploadId), { force: true })

  /** A crash in between would leave a file with two owners, or none. */
  const handOver = (kind: JobKind, input: JobInput & { readonly uploadId: string }): JobRecord =>
    deps.store.transact(() => uploads.handOver(input.uploadId, () => jobs.start(kind, input)))

  jobs.define('publish', {
    firstStep: 'commit',
    tidy,
    isBeyondCancel: input => isRegistrationSigned(BigInt(publishInput.parse(input).nonce), deps),
    async run(input, progress, signal) {
      const { uploadId, nonce, ...request } = publishInput.parse(input)
      const file = { ...request, nonce: BigInt(nonce), path: uploads.pathOf(uploadId) }
      return publishFile(file, progress, signal, publishDeps)
    },
  })
  jobs.define('ipfs-add', {
    firstStep: 'pin',
    tidy,
    async run(input, progress, signal) {
      const { uploadId, byteLength } = addInput.parse(input)
      const onProgress = ({ bytes }: { bytes: number }): void => progress('pin', bytes / byteLength)
      return importFile(deps.blocks, readFileParts(uploads.pathOf(uploadId), signal), { signal, onProgress })
    },
  })
  jobs.define('ipfs-import', {
    firstStep: 'read',
    tidy,
    async run(input, progress, signal) {
      const { uploadId, byteLength } = addInput.parse(input)
      const onProgress = ({ bytes }: { bytes: number }): void => progress('read', bytes / byteLength)
      const options = { signal, onProgress, maxBytes: uploads.maxBytes }
      return importCar(deps.blocks, readFileParts(uploads.pathOf(uploadId), signal), options)
    },
  })

  return {
    /** @throws AppError UPLOAD_NOT_FOUND · UPLOAD_OUT_OF_ORDER · CONTENT_TYPE_NOT_ALLOWED · CONTENT_TYPE_MISMATCH · QUEUE_FULL */
    async publish(uploadId: string, termEpochs: number): Promise<JobRecord> {
      const upload = await uploads.complete(uploadId)
      const contentType = await typeOf(upload)
      const { fileName, byteLength } = upload
      const nonce = nextNonce(deps.clock.now()).toString()
      return handOver('publish', { uploadId, fileName, byteLength, contentType, termEpochs, nonce })
    },
    /** Imports and pins without registering. @throws AppError UPLOAD_NOT_FOUND · UPLOAD_OUT_OF_ORDER · QUEUE_FULL */
    async add(uploadId: string): Promise<JobRecord> {
      const { byteLength } = await uploads.complete(uploadId)
      return handOver('ipfs-add', { uploadId, byteLength })
    },
    /** Takes in a CAR file: its blocks, and pins for its roots. @throws AppError UPLOAD_NOT_FOUND · UPLOAD_OUT_OF_ORDER · QUEUE_FULL */
    async importCar(uploadId: string): Promise<JobRecord> {
      const { byteLength } = await uploads.complete(uploadId)
      return handOver('ipfs-import', { uploadId, byteLength })
    },
    /** Uploads whose files belong to jobs that were running when the last process ended. */
    uploadsInUse: (): ReadonlySet<string> =>
      new Set(deps.store.jobs.running().flatMap(({ input }) => addInput.safeParse(input).data?.uploadId ?? [])),
  }
}

let lastNonce = 0n

/** Rises with the clock and never repeats within a process; two posts of one file in one millisecond still differ. */
function nextNonce(nowMs: number): bigint {
  const fromClock = BigInt(nowMs) * 1_000n
  lastNonce = fromClock > lastNonce ? fromClock : lastNonce + 1n
  return lastNonce
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
