/** Chunked upload: parts in order, progress, resuming, cancelling, and limits to patience. */

import { ORPCError } from '@orpc/client'
import { describe, expect, test } from 'vitest'
import { ConnectionLost } from '../../engine/connection.ts'
import { type UploadsPort, uploadFile } from './upload-file.ts'

const PART = 1_048_576

/** A small real receiver: keeps the bytes, refuses a part at another offset. */
function createReceiver(
  beforeAppend: (call: number) => void = () => {},
  afterAppend: (call: number) => void = () => {},
) {
  const parts: Uint8Array[] = []
  const calls: number[] = []
  let byteLength = 0
  let cancelled = 0
  const received = () => parts.reduce((sum, part) => sum + part.length, 0)
  const uploads: UploadsPort = {
    begin: async input => {
      byteLength = input.byteLength
      return { uploadId: 'u1', receivedBytes: 0, byteLength }
    },
    append: async input => {
      calls.push(input.offset)
      beforeAppend(calls.length)
      if (input.offset !== received()) {
        const data = { ok: false, code: 'UPLOAD_OUT_OF_ORDER', trace_id: 't', data: { expectedOffset: received() } }
        throw new ORPCError('UPLOAD_OUT_OF_ORDER', { data })
      }
      parts.push(Uint8Array.from(atob(input.bytesBase64), letter => letter.charCodeAt(0)))
      afterAppend(calls.length)
      return { uploadId: 'u1', receivedBytes: received(), byteLength }
    },
    cancel: async () => {
      cancelled += 1
      return { ok: true }
    },
  }
  const content = () => new Uint8Array(parts.flatMap(part => [...part]))
  return { uploads, calls, content, received, cancelledTimes: () => cancelled }
}

function fileOf(size: number): { file: File; bytes: Uint8Array } {
  const bytes = Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) % 256)
  return { file: new File([bytes], 'a.bin'), bytes }
}

const areSame = (left: Uint8Array, right: Uint8Array) =>
  left.length === right.length && left.every((byte, index) => byte === right[index])

const run = (file: File, uploads: UploadsPort, onProgress: (sent: number) => void = () => {}) =>
  uploadFile(file, uploads, { signal: new AbortController().signal, onProgress })

describe('uploadFile', () => {
  test('sends every byte, part by part, and reports how many have arrived', async () => {
    const { file, bytes } = fileOf(2 * PART + 5)
    const receiver = createReceiver()
    const progress: number[] = []
    expect(await run(file, receiver.uploads, sent => progress.push(sent))).toBe('u1')
    expect(receiver.calls).toEqual([0, PART, 2 * PART])
    expect(areSame(receiver.content(), bytes)).toBe(true)
    expect(progress).toEqual([0, PART, 2 * PART, 2 * PART + 5])
  })

  test('a file of whole parts ends without an empty one', async () => {
    const receiver = createReceiver()
    await run(fileOf(PART).file, receiver.uploads)
    expect(receiver.calls).toEqual([0])
  })

  test('a part whose answer was lost is not stored twice: the upload goes on where the node is', async () => {
    const { file, bytes } = fileOf(PART + 7)
    const receiver = createReceiver(undefined, call => {
      if (call === 1) throw new ConnectionLost('cut')
    })
    await run(file, receiver.uploads)
    expect(receiver.calls).toEqual([0, 0, PART])
    expect(areSame(receiver.content(), bytes)).toBe(true)
  })

  test('a connection that never comes back ends the upload after a few tries', async () => {
    const receiver = createReceiver(() => {
      throw new ConnectionLost('cut')
    })
    await expect(run(fileOf(10).file, receiver.uploads)).rejects.toThrow(ConnectionLost)
    expect(receiver.calls.length).toBe(6)
    expect(receiver.cancelledTimes()).toBe(1)
  })

  test('a refusal ends the upload at once and discards it', async () => {
    const receiver = createReceiver(() => {
      throw new ORPCError('FILE_TOO_LARGE')
    })
    await expect(run(fileOf(10).file, receiver.uploads)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' })
    expect(receiver.calls.length).toBe(1)
    expect(receiver.cancelledTimes()).toBe(1)
  })

  test('an abort stops before the next part and discards what was sent', async () => {
    const stopping = new AbortController()
    const receiver = createReceiver(undefined, () => stopping.abort())
    const running = uploadFile(fileOf(3 * PART).file, receiver.uploads, {
      signal: stopping.signal,
      onProgress: () => {},
    })
    await expect(running).rejects.toMatchObject({ name: 'AbortError' })
    expect(receiver.calls).toEqual([0])
    expect(receiver.cancelledTimes()).toBe(1)
  })
})
