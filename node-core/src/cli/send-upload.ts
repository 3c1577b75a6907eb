/** Sends a file to a running node part by part, and follows the job that it becomes. */

import { basename } from 'node:path'
import { AppError } from '../base/app-error.ts'
import { systemClock } from '../base/clock.ts'
import { isErrorCode } from '../contract/error-codes.ts'
import { UPLOAD_PART_BYTES } from '../contract/operator.ts'
import type { Job } from '../contract/shapes.ts'
import { readFileParts } from '../posts/uploads.ts'
import type { Connection } from './connect.ts'
import { fileSize } from './options.ts'

type Client = Connection['client']

/** @returns the upload's id. @throws AppError FILE_NOT_FOUND · EMPTY_FILE · FILE_TOO_LARGE … */
export async function sendUpload(
  client: Client,
  path: string,
  contentType: string,
  onProgress: (share: number) => void,
): Promise<string> {
  const byteLength = await fileSize(path)
  const { uploadId } = await client.uploads.begin({ fileName: basename(path), byteLength, contentType })
  let offset = 0
  for await (const part of readFileParts(path)) {
    for (let at = 0; at < part.length; at += UPLOAD_PART_BYTES) {
      const bytesBase64 = Buffer.from(part.subarray(at, at + UPLOAD_PART_BYTES)).toString('base64')
      offset = (await client.uploads.append({ uploadId, offset, bytesBase64 })).receivedBytes
      onProgress(offset / byteLength)
    }
  }
  return uploadId
}

/** Resolves with the result of the job. @throws AppError with the job's own code when it failed */
export async function followJob(
  client: Client,
  job: Job,
  onProgress: (step: string, share: number) => void,
): Promise<Record<string, unknown>> {
  let current = job
  while (current.state === 'running') {
    onProgress(current.step, current.progress)
    await systemClock.sleep(100)
    current = await client.jobs.get({ jobId: job.jobId })
  }
  if (current.state === 'done' && current.result !== null) return current.result
  const code = current.error?.code ?? 'INTERNAL'
  throw new AppError(isErrorCode(code) ? code : 'INTERNAL', current.error?.data ?? {})
}
