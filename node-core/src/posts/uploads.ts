/** Files on their way in: parts are appended in order to a file in the staging folder until the upload is complete. */

import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { JobsTable, UploadRecord } from '../store/jobs-table.ts'

export type Uploads = ReturnType<typeof createUploads>
type Options = { readonly directory: string; readonly maxBytes: number; readonly maxOpen: number }
type Deps = { readonly table: JobsTable; readonly clock: Clock }

/** An upload that nobody finished is removed after a day; sooner when others wait for its place. */
const ABANDONED_MS = 86_400_000
const IDLE_MS = 600_000

export function createUploads(options: Options, deps: Deps) {
  const { table, clock } = deps
  /** Uploads with a part being written: parts of one upload never run side by side. */
  const busy = new Set<string>()
  /** Uploads under way in this process: when each last got something. At most `maxOpen` begin; one that goes on after a failure adds to them. */
  const lastPartAtMs = new Map<string, number>()
  const pathOf = (uploadId: string): string => join(options.directory, uploadId)

  /** @throws AppError UPLOAD_NOT_FOUND */
  function find(uploadId: string): UploadRecord {
    const upload = table.upload(uploadId)
    if (upload === undefined) throw new AppError('UPLOAD_NOT_FOUND', { uploadId })
    return upload
  }

  function forget(uploadId: string): void {
    table.removeUpload(uploadId)
    lastPartAtMs.delete(uploadId)
  }

  /** Only a name that the table knows becomes a path. @throws AppError UPLOAD_NOT_FOUND */
  async function remove(uploadId: string): Promise<void> {
    find(uploadId)
    forget(uploadId)
    await rm(pathOf(uploadId), { force: true })
  }

  async function makePlace(): Promise<void> {
    if (lastPartAtMs.size < options.maxOpen) return
    const idle = [...lastPartAtMs].filter(([, atMs]) => atMs < clock.elapsedMs() - IDLE_MS)
    for (const [uploadId] of idle) await remove(uploadId)
    if (idle.length === 0) throw new AppError('QUEUE_FULL', { queue: 'uploads', limit: options.maxOpen })
  }

  return {
    /** Of one upload. */
    maxBytes: options.maxBytes,

    /** @throws AppError EMPTY_FILE · FILE_TOO_LARGE {maxBytes} · QUEUE_FULL · DATABASE_FULL */
    async begin(file: { fileName: string; contentType: string; byteLength: number }): Promise<UploadRecord> {
      if (file.byteLength === 0) throw new AppError('EMPTY_FILE', { fileName: file.fileName })
      if (file.byteLength > options.maxBytes)
        throw new AppError('FILE_TOO_LARGE', { byteLength: file.byteLength, maxBytes: options.maxBytes })
      await makePlace()
      const uploadId = randomUUID()
      lastPartAtMs.set(uploadId, clock.elapsedMs())
      try {
        await mkdir(options.directory, { recursive: true, mode: 0o700 })
        await (await open(pathOf(uploadId), 'wx', 0o600)).close()
        table.insertUpload({ uploadId, ...file }, clock.now())
      } catch (error) {
        lastPartAtMs.delete(uploadId)
        throw translateDiskError(error)
      }
      return { uploadId, ...file, receivedBytes: 0 }
    },

    /** @throws AppError UPLOAD_NOT_FOUND · UPLOAD_OUT_OF_ORDER {expectedOffset} · FILE_TOO_LARGE when more comes than was announced · DATABASE_FULL */
    async append(uploadId: string, offset: number, bytes: Uint8Array): Promise<UploadRecord> {
      const upload = find(uploadId)
      if (offset !== upload.receivedBytes || busy.has(uploadId))
        throw new AppError('UPLOAD_OUT_OF_ORDER', { expectedOffset: upload.receivedBytes })
      const receivedBytes = offset + bytes.length
      if (receivedBytes > upload.byteLength)
        throw new AppError('FILE_TOO_LARGE', { byteLength: upload.byteLength, receivedBytes })
      busy.add(uploadId)
      try {
        await writeAt(pathOf(uploadId), offset, bytes)
        table.receive(uploadId, receivedBytes)
        lastPartAtMs.set(uploadId, clock.elapsedMs())
        return { ...upload, receivedBytes }
      } catch (error) {
        lastPartAtMs.delete(uploadId) // it may go on later, and keeps nobody else out until then
        throw translateDiskError(error)
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

    /**
     * Ends a complete upload and hands its file to `start`, which removes it when done; when `start` throws, the upload stays.
     * @throws AppError UPLOAD_NOT_FOUND, also when two want the same upload
     */
    handOver<T>(uploadId: string, start: () => T): T {
      find(uploadId)
      const started = start()
      forget(uploadId)
      return started
    },

    remove,

    /** Also of one that was handed over. */
    pathOf,

    /** At start: what is too old, and files that neither the table knows nor a job that goes on. @param inUse ids of these. */
    async removeAbandoned(inUse: ReadonlySet<string>): Promise<void> {
      for (const { uploadId } of table.uploadsBefore(clock.now() - ABANDONED_MS))
        if (!inUse.has(uploadId)) await remove(uploadId)
      for (const name of await readdir(options.directory).catch(() => []))
        if (table.upload(name) === undefined && !inUse.has(name)) await rm(pathOf(name), { force: true })
    },
  }
}

/** At its offset and not at the end: a part that was cut short by a crash is written over when it comes again. */
async function writeAt(path: string, offset: number, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'r+')
  try {
    for (let at = 0; at < bytes.length; )
      at += (await file.write(bytes, at, bytes.length - at, offset + at)).bytesWritten
  } finally {
    await file.close()
  }
}

function translateDiskError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  const isFull = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EIO'].includes(String(error.code))
  if (isFull)
    return new AppError('DATABASE_FULL', { operation: 'upload', reason: String(error.code) }, { cause: error })
  return error.code === 'ENOENT' ? new AppError('UPLOAD_NOT_FOUND', {}, { cause: error }) : error
}

/** Bytes of a file, part by part. */
export function readFileParts(path: string, signal?: AbortSignal): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: 1_048_576, ...(signal === undefined ? {} : { signal }) })
}
