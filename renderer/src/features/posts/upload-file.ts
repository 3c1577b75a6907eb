/** Sends a file to the node in parts, one after the other, and goes on where a lost connection left off. */

import type { UPLOAD_PART_BYTES } from '@emerald/node-core/contract/operator.ts'
import { ConnectionLost } from '../../engine/connection.ts'
import type { EngineClient } from '../../engine/create-engine.ts'
import { readError } from '../../engine/errors.ts'
import { toBase64 } from './base64.ts'

/** As the contract has it; the type fails to compile when the two differ. */
const PART_BYTES: typeof UPLOAD_PART_BYTES = 1_048_576
/** Failed parts in a row before the upload fails; each already waits for a connection. */
const MAX_FAILURES = 5

export type UploadsPort = Pick<EngineClient['uploads'], 'begin' | 'append' | 'cancel'>
type UploadOptions = {
  readonly signal: AbortSignal
  /** `sent` of `file.size` bytes have arrived. */
  readonly onProgress: (sent: number) => void
}

/**
 * @returns the id of the complete upload
 * @throws DOMException AbortError when `signal` aborts; what was sent is discarded at the node
 */
export async function uploadFile(file: File, uploads: UploadsPort, options: UploadOptions): Promise<string> {
  const { signal, onProgress } = options
  const upload = await uploads.begin({ fileName: file.name, byteLength: file.size, contentType: file.type }, { signal })
  const { uploadId } = upload
  try {
    let offset = upload.receivedBytes
    let failures = 0
    while (offset < file.size) {
      signal.throwIfAborted()
      onProgress(offset)
      const next = await sendPart(file, uploads, uploadId, offset, signal)
      failures = next > offset ? 0 : failures + 1
      if (failures > MAX_FAILURES) throw new ConnectionLost('the upload made no progress')
      offset = next
    }
    onProgress(offset)
    return uploadId
  } catch (error) {
    // Best effort: the node drops an upload that nobody goes on with.
    void uploads.cancel({ uploadId }).catch(() => {})
    throw error
  }
}

/** @returns the offset to go on at */
async function sendPart(
  file: File,
  uploads: UploadsPort,
  uploadId: string,
  offset: number,
  signal: AbortSignal,
): Promise<number> {
  const bytes = new Uint8Array(await file.slice(offset, offset + PART_BYTES).arrayBuffer())
  try {
    return (await uploads.append({ uploadId, offset, bytesBase64: toBase64(bytes) }, { signal })).receivedBytes
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ConnectionLost) return offset
    const { code, data } = readError(error)
    const goOnAt = data.expectedOffset
    if (code === 'UPLOAD_OUT_OF_ORDER' && typeof goOnAt === 'number') return goOnAt
    throw error
  }
}
