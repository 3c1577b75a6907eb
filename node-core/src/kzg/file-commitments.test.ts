import kzg from 'c-kzg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { blobIndexes } from '../domain/sampling.ts'
import { toHex } from '../domain/words.ts'
import { encodeFile, PAYLOAD_BYTES_PER_BLOB } from './blob-encoding.ts'
import { commitmentRoot } from './commitment-tree.ts'
import { commitFile, openBlobs } from './file-commitments.ts'
import type { Prover } from './prover.ts'
import { openProverPool } from './prover-pool.ts'
import { inParts, pseudoRandomBytes } from './test-data.ts'
import { foldCommitments, verifyOpening } from './verify-opening.ts'

const prover = openProverPool({ workers: 2, maxQueued: 2, taskTimeoutMs: 30_000 })
const file = pseudoRandomBytes(7 * PAYLOAD_BYTES_PER_BLOB + 123, 9)

beforeAll(() => kzg.loadTrustedSetup(0))
afterAll(() => prover[Symbol.asyncDispose]())

test('commitments, hashes and root of a file are those that c-kzg gives, however small the queue', async () => {
  const expected = encodeFile(file).map(blob => kzg.blobToKzgCommitment(blob))
  const committed = await commitFile(inParts(file, 10_000), prover)
  expect(committed).toMatchObject({ byteLength: file.length, blobs: 8, root: commitmentRoot(expected) })
  expect(committed.commitments).toEqual(expected.map(toHex))
  expect(committed.versionedHashes).toHaveLength(8)
})

test('only a few blobs are read ahead of the prover', async () => {
  let given = 0
  let finished = 0
  async function* endless() {
    for (;;) {
      given += 1
      yield new Uint8Array(PAYLOAD_BYTES_PER_BLOB)
    }
  }
  const stop = new AbortController()
  const counting: Prover = {
    ...prover,
    hasRoom: true,
    stats: prover.stats,
    async commit() {
      expect(given - finished).toBeLessThanOrEqual(5)
      finished += 1
      if (finished === 50) stop.abort(new Error('enough'))
      stop.signal.throwIfAborted()
      return pseudoRandomBytes(48, 1)
    },
  }
  await expect(commitFile(endless(), counting, { signal: stop.signal })).rejects.toThrow('enough')
})

test('a stopped commitment takes its waiting blobs out of the queue', async () => {
  const stop = new AbortController()
  async function* stopsLater() {
    yield file.subarray(0, 6 * PAYLOAD_BYTES_PER_BLOB)
    stop.abort(new Error('stopped'))
  }
  await expect(commitFile(stopsLater(), prover, { signal: stop.signal })).rejects.toThrow('stopped')
  expect(prover.stats.queuedIngests).toBe(0)
})

test('an error of the source comes through, and takes the waiting blobs along', async () => {
  let queued = 0
  async function* breaks() {
    yield file.subarray(0, 3 * PAYLOAD_BYTES_PER_BLOB)
    queued = prover.stats.queuedIngests
    throw new Error('disk gone')
  }
  await expect(commitFile(breaks(), prover)).rejects.toThrow('disk gone')
  expect(queued).toBeGreaterThan(0)
  expect(prover.stats.queuedIngests).toBe(0)
})

test('an empty source is refused', async () => {
  await expect(commitFile(inParts(new Uint8Array(0), 1), prover)).rejects.toMatchObject({ code: 'EMPTY_FILE' })
})

test.each([1, 4])('a challenge for %i blobs is answered by one opening of their fold', async blobsAtLevel => {
  const { root, commitments } = await commitFile(inParts(file, 100_000), prover)
  const source = { postId: toHex(pseudoRandomBytes(32, 1)), salt: toHex(pseudoRandomBytes(32, 2)), operator: 3, root }
  const payloadAt = async (index: number) =>
    file.subarray(index * PAYLOAD_BYTES_PER_BLOB, (index + 1) * PAYLOAD_BYTES_PER_BLOB)
  const opened = await openBlobs({ ...source, blobCount: 8, blobsAtLevel, payloadAt }, prover)
  expect(opened.indexes).toEqual(blobIndexes({ ...source, blobCount: 8, blobsAtLevel }))
  expect(opened.indexes).toHaveLength(blobsAtLevel)
  expect(opened.commitment).toBe(
    foldCommitments(
      opened.indexes.map(index => commitments[index] ?? '0x'),
      opened.gamma,
    ),
  )
  expect(verifyOpening(opened)).toBe(true)
})
