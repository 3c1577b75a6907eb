/** Uploads: parts in order, bounds, and a disk that keeps no more than the table knows. */

import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore, type Store } from '../store/store.ts'
import { createUploads, type Uploads } from './uploads.ts'

let directory: string
let store: Store
let uploads: Uploads
let nowMs: number

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'emerald-uploads-')), 'uploads')
  store = openStore(':memory:')
  nowMs = 1_000_000_000
  uploads = createUploads(
    { directory, maxBytes: 10, maxOpen: 2 },
    { table: store.jobs, clock: { now: () => nowMs, elapsedMs: () => nowMs, sleep: async () => undefined } },
  )
})
afterEach(() => {
  store[Symbol.dispose]()
  rmSync(join(directory, '..'), { recursive: true })
})

const begin = (byteLength = 4) => uploads.begin({ fileName: 'a', contentType: '', byteLength })
const bytes = (...values: number[]): Uint8Array => new Uint8Array(values)

describe('parts', () => {
  test('come in order and make the file', async () => {
    const { uploadId } = await begin()
    await uploads.append(uploadId, 0, bytes(1, 2, 3))
    await expect(uploads.append(uploadId, 0, bytes(4))).rejects.toMatchObject({
      code: 'UPLOAD_OUT_OF_ORDER',
      data: { expectedOffset: 3 },
    })
    await expect(uploads.complete(uploadId)).rejects.toMatchObject({ code: 'UPLOAD_OUT_OF_ORDER' })
    await uploads.append(uploadId, 3, bytes(4))
    const { path } = await uploads.complete(uploadId)
    expect([...readFileSync(path)]).toEqual([1, 2, 3, 4])
  })

  test('more than was announced is refused', async () => {
    const { uploadId } = await begin(1)
    await expect(uploads.append(uploadId, 0, bytes(1, 2))).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' })
  })

  test('a part that a crash cut short is written over when it comes again', async () => {
    const { uploadId } = await begin()
    await uploads.append(uploadId, 0, bytes(1, 2))
    writeFileSync(join(directory, uploadId), bytes(1, 2, 9)) // a byte of the part that never got into the table
    await uploads.append(uploadId, 2, bytes(3, 4))
    const { path } = await uploads.complete(uploadId)
    expect([...readFileSync(path)]).toEqual([1, 2, 3, 4])
  })

  test('one upload takes one part at a time', async () => {
    const { uploadId } = await begin()
    const both = await Promise.allSettled([1, 2].map(each => uploads.append(uploadId, 0, bytes(each))))
    expect(both.map(each => each.status)).toEqual(['fulfilled', 'rejected'])
  })

  test('a file that vanished is an upload that is not there', async () => {
    const { uploadId } = await begin()
    rmSync(join(directory, uploadId))
    await expect(uploads.append(uploadId, 0, bytes(1))).rejects.toMatchObject({ code: 'UPLOAD_NOT_FOUND' })
  })
})

describe('bounds', () => {
  test('an empty and a too large file are refused', async () => {
    await expect(begin(0)).rejects.toMatchObject({ code: 'EMPTY_FILE' })
    await expect(begin(11)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE', data: { byteLength: 11, maxBytes: 10 } })
  })

  test('only so many are open at a time, until one of them is over or was left idle', async () => {
    const [first, second] = [await begin(), await begin()]
    await expect(begin()).rejects.toMatchObject({ code: 'QUEUE_FULL' })
    await uploads.remove(first.uploadId)
    await begin()
    await expect(begin()).rejects.toMatchObject({ code: 'QUEUE_FULL' })
    nowMs += 10 * 60_000 + 1
    await begin()
    await expect(uploads.append(second.uploadId, 0, bytes(1))).rejects.toMatchObject({ code: 'UPLOAD_NOT_FOUND' })
  })
})

test.skipIf(!existsSync('/dev/full'))(
  'what a full disk broke off keeps no place, and goes on once there is room',
  async () => {
    const [first] = [await begin(), await begin()]
    const path = join(directory, first.uploadId)
    renameSync(path, `${path}.aside`)
    symlinkSync('/dev/full', path)
    await expect(uploads.append(first.uploadId, 0, bytes(1))).rejects.toMatchObject({ code: 'DATABASE_FULL' })
    await begin()
    renameSync(`${path}.aside`, path)
    await uploads.append(first.uploadId, 0, bytes(1, 2, 3, 4))
    await uploads.complete(first.uploadId)
  },
)

describe('the end', () => {
  test('an upload is handed over once, and stays when the work could not start', async () => {
    const { uploadId } = await begin()
    const refuse = (): never => {
      throw new Error('no place')
    }
    expect(() => uploads.handOver(uploadId, refuse)).toThrow('no place')
    expect(uploads.handOver(uploadId, () => 'started')).toBe('started')
    expect(() => uploads.handOver(uploadId, () => 'again')).toThrow(
      expect.objectContaining({ code: 'UPLOAD_NOT_FOUND' }),
    )
  })

  test.each(['../victim', '/etc/passwd', '', 'unknown'])('removing %j removes nothing', async uploadId => {
    await begin()
    const victim = join(directory, '..', 'victim')
    writeFileSync(victim, '')
    await expect(uploads.remove(uploadId)).rejects.toMatchObject({ code: 'UPLOAD_NOT_FOUND' })
    expect(existsSync(victim)).toBe(true)
  })

  test('at start what is a day old goes, and files that nobody knows', async () => {
    const old = await begin()
    nowMs += 86_400_001
    const young = await begin()
    writeFileSync(join(directory, 'stray'), '')
    await uploads.removeAbandoned(new Set())
    expect(readdirSync(directory)).toEqual([young.uploadId])
    expect(store.jobs.upload(old.uploadId)).toBeUndefined()
  })
})
