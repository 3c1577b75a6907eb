/** Files on their way in: parts are appended in order to a file in the staging folder until the upload is complete. */

import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { appendFile, mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { JobsTable, UploadRecord } from '../store/jobs-table.ts'

export type Uploads = ReturnType<typeof createUploads>
type Options = { readonly directory: string; readonly maxBytes: number; readonly maxOpen: number }
type Deps = { readonly table: JobsTable; readonly clock: Clock }

/** An upload that nobody finished is removed after a day. */
const ABANDONED_MS = 86_400_000

export function createUploads(options: Options, deps: Deps) {
  const { table, clock } = deps
  /** Uploads with a part being written: parts of one upload never run side by side. */
  const busy = new Set<string>()
  let openCount = 0
  const pathOf = (uploadId: string): string => join(options.directory, uploadId)

  /** @throws AppError UPLOAD_NOT_FOUND */
  function find(uploadId: string): UploadRecord {
    const upload = table.upload(uploadId)
    if (upload === undefined) throw new AppError('UPLOAD_NOT_FOUND', { uploadId })
    return upload
  }

  return {
    /** @throws AppError EMPTY_FILE · FILE_TOO_LARGE {maxBytes} · QUEUE_FULL */
    async begin(file: { fileName: string; contentType: string; byteLength: number }): Promise<UploadRecord> {
      if (file.byteLength === 0) throw new AppError('EMPTY_FILE', { fileName: file.fileName })
      if (file.byteLength > options.maxBytes)
        throw new AppError('FILE_TOO_LARGE', { byteLength: file.byteLength, maxBytes: options.maxBytes })
      if (openCount >= options.maxOpen) throw new AppError('QUEUE_FULL', { queue: 'uploads', limit: options.maxOpen })
      await mkdir(options.directory, { recursive: true, mode: 0o700 })
      const uploadId = randomUUID()
      await (await open(pathOf(uploadId), 'wx', 0o600)).close()
      table.insertUpload({ uploadId, ...file }, clock.now())
      openCount += 1
      return { uploadId, ...file, receivedBytes: 0 }
    },

    /** @throws AppError UPLOAD_NOT_FOUND · UPLOAD_OUT_OF_ORDER {expectedOffset} · FILE_TOO_LARGE when more comes than was announced */
    async append(uploadId: string, offset: number, bytes: Uint8Array): Promise<UploadRecord> {
      const upload = find(uploadId)
      if (offset !== upload.receivedBytes || busy.has(uploadId))
        throw new AppError('UPLOAD_OUT_OF_ORDER', { expectedOffset: upload.receivedBytes })
      const receivedBytes = offset + bytes.length
      if (receivedBytes > upload.byteLength)
        throw new AppError('FILE_TOO_LARGE', { byteLength: upload.byteLength, receivedBytes })
      busy.add(uploadId)
      try {
        await appendFile(pathOf(uploadId), bytes)
        table.receive(uploadId, receivedBytes)
        return { ...upload, receivedBytes }
      } finally {
        busy.delete(uploadId)
      }
    },

    /** @throws AppError UPLOAD_NOT_FOUND · UPLOAD_OUT_OF_ORDER when parts are missing */
    async complete(uploadId: string): Promise<UploadRecord & { path: string }> {
      const upload = find(uploadId)
      const { size } = await stat(pathOf(uploadId)).catch(() => ({ size: -1 }))
      if (size !== upload.byteLength || upload.receivedBytes !== upload.byteLength)
        throw new AppError('UPLOAD_OUT_OF_ORDER', { expectedOffset: upload.receivedBytes })
      return { ...upload, path: pathOf(uploadId) }
    },

    async remove(uploadId: string): Promise<void> {
      if (table.upload(uploadId) !== undefined) openCount = Math.max(0, openCount - 1)
      table.removeUpload(uploadId)
      await rm(pathOf(uploadId), { force: true })
    },

    async removeAbandoned(): Promise<void> {
      for (const { uploadId } of table.uploadsBefore(clock.now() - ABANDONED_MS)) await this.remove(uploadId)
    },
  }
}

/** Bytes of a file, part by part. */
export function readFileParts(path: string, signal?: AbortSignal): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: 1_048_576, ...(signal === undefined ? {} : { signal }) })
}
