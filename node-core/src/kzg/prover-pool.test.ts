import kzg from 'c-kzg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { SCALAR_MODULUS } from '../domain/scalar-field.ts'
import { toHex, word } from '../domain/words.ts'
import { BLOB_BYTES, encodeBlob, encodeFile } from './blob-encoding.ts'
import { foldBlobs } from './fold.ts'
import { uncompressPoint } from './point-form.ts'
import type { Prover } from './prover.ts'
import { openProverPool, type ProverPool, type ProverPoolOptions } from './prover-pool.ts'
import { TRICKS } from './stand-in-thread.ts'
import { blobOf, constantPolynomialFile, pseudoRandomBytes } from './test-data.ts'

const ingest = { priority: 'ingest' } as const
const challenge = { priority: 'challenge' } as const
const standIn = {
  workers: 1,
  maxQueued: 3,
  taskTimeoutMs: 10_000,
  workerUrl: new URL('./stand-in-thread.ts', import.meta.url),
}
const openStandIn = (options: Partial<ProverPoolOptions> = {}): ProverPool => openProverPool({ ...standIn, ...options })

/** A blob that tells the stand-in what to do; its gate is shared memory. */
function trick(kind: keyof typeof TRICKS) {
  const memory = new SharedArrayBuffer(BLOB_BYTES)
  const blob = new Uint8Array(memory)
  blob[0] = TRICKS[kind]
  const gate = new Int32Array(memory, 0, 3)
  return {
    blob,
    timesBegun: () => Atomics.load(gate, 1),
    whenBegun: () => vi.waitFor(() => expect(Atomics.load(gate, 1)).toBeGreaterThan(0), { timeout: 20_000 }),
    open() {
      Atomics.store(gate, 2, 1)
      Atomics.notify(gate, 2)
    },
  }
}

/** Fills the only thread of the pool until the gate is opened. */
async function occupy(pool: Prover) {
  const gate = trick('waitAtGate')
  const done = pool.commit(gate.blob, ingest)
  await gate.whenBegun()
  return { open: gate.open, done }
}

const real = openProverPool({ workers: 1, maxQueued: 64, taskTimeoutMs: 30_000 })
beforeAll(() => kzg.loadTrustedSetup(0))
afterAll(() => real[Symbol.asyncDispose]())

test.each<[string, Uint8Array]>([
  ['random bytes', pseudoRandomBytes(126_945, 1)],
  ['zeros', new Uint8Array(126_945)],
  ['the largest payload', new Uint8Array(126_945).fill(0xff)],
  ['a constant polynomial', constantPolynomialFile()],
])('commitment, value and proof of %s are those of c-kzg', async (_, file) => {
  const [blob = new Uint8Array(0)] = encodeFile(file)
  const z = 0x1234_5678_9abc_def0n
  const [proof, y] = kzg.computeKzgProof(blob, word(z))
  expect(toHex(await real.commit(blob, ingest))).toBe(toHex(kzg.blobToKzgCommitment(blob)))
  const opening = await real.open(blob, z, challenge)
  expect([toHex(opening.proof), opening.y]).toEqual([toHex(proof), BigInt(toHex(y))])
})

test.each([1, 4])('a fold of %i is opened as c-kzg opens the folded blob', async k => {
  const payloads = Array.from({ length: k }, (_, at) => pseudoRandomBytes(at === 0 ? 99 : 126_945, at + 20))
  const indexes = payloads.map((_, at) => 3 * at)
  const [gamma, z] = [0x9876_5432_10n, 0x1234_5678_9abc_def0n]
  const folded = foldBlobs(
    payloads.map((payload, at) => encodeBlob(payload, indexes[at] ?? 0)),
    gamma,
  )
  const [proof, y] = kzg.computeKzgProof(folded, word(z))
  const opening = await real.openFolded({ payloads, indexes, gamma, z }, challenge)
  expect([toHex(opening.proof), opening.y]).toEqual([toHex(proof), BigInt(toHex(y))])
  const divided = await real.divide({ payloads, indexes, gamma, z }, challenge)
  expect([divided.z, divided.y]).toEqual([z, opening.y])
  expect(Buffer.from(divided.folded).equals(folded)).toBe(true)
  expect(toHex(kzg.blobToKzgCommitment(divided.quotient))).toBe(toHex(proof))
  expect(payloads.map(each => each.length)).toEqual(payloads.map((_, at) => (at === 0 ? 99 : 126_945))) // still the caller's
})

test('folds that are none are refused', async () => {
  const good = { payloads: [Uint8Array.of(1)], indexes: [0], gamma: 1n, z: 2n }
  await expect(real.openFolded({ ...good, payloads: [] }, challenge)).rejects.toThrow(RangeError)
  await expect(real.openFolded({ ...good, indexes: [1, 2] }, challenge)).rejects.toThrow(RangeError)
  await expect(real.openFolded({ ...good, z: SCALAR_MODULUS }, challenge)).rejects.toThrow('SCALAR_NOT_CANONICAL')
  await expect(real.divide({ ...good, gamma: SCALAR_MODULUS }, challenge)).rejects.toThrow('SCALAR_NOT_CANONICAL')
  await expect(real.divide({ ...good, z: 1n }, challenge)).rejects.toMatchObject({
    code: 'PROVER_FAILED',
    data: { reason: 'the point is a root of unity' },
  })
})

test('commitments come back uncompressed, one after the other', async () => {
  const blobs = encodeFile(pseudoRandomBytes(200_000, 8))
  const commitments = Buffer.concat(blobs.map(blob => kzg.blobToKzgCommitment(blob)))
  const expected = Buffer.concat(blobs.map(blob => uncompressPoint(kzg.blobToKzgCommitment(blob))))
  expect(Buffer.from(await real.uncompress(commitments, ingest)).equals(expected)).toBe(true)
  await expect(real.uncompress(new Uint8Array(48), ingest)).rejects.toMatchObject({ code: 'PROVER_FAILED' })
})

test('a blob may be a view of a larger buffer, and stays the caller’s', async () => {
  const [blob = new Uint8Array(0)] = encodeFile(pseudoRandomBytes(500, 2))
  const larger = new Uint8Array(3 * BLOB_BYTES)
  larger.set(blob, 1_000)
  const view = larger.subarray(1_000, 1_000 + BLOB_BYTES)
  expect(toHex(await real.commit(view, ingest))).toBe(toHex(kzg.blobToKzgCommitment(blob)))
  expect(Buffer.from(view).equals(blob)).toBe(true)
})

test('input that is no blob or no scalar is refused, and the pool goes on', async () => {
  await expect(real.commit(new Uint8Array(BLOB_BYTES - 1), ingest)).rejects.toMatchObject({
    code: 'BLOB_NOT_CANONICAL',
    data: { reason: 'length' },
  })
  await expect(real.commit(blobOf(SCALAR_MODULUS), ingest)).rejects.toMatchObject({
    code: 'BLOB_NOT_CANONICAL',
    data: { reason: 'field element' },
  })
  await expect(real.open(blobOf(1n), SCALAR_MODULUS, challenge)).rejects.toMatchObject({ code: 'SCALAR_NOT_CANONICAL' })
  expect(await real.commit(blobOf(1n), ingest)).toHaveLength(48)
})

test('challenges go before ingest, each in its order', async () => {
  await using pool = openStandIn()
  const first = await occupy(pool)
  const order: string[] = []
  const add = async (name: string, priority: 'challenge' | 'ingest') => {
    await pool.commit(trick('answer').blob, { priority })
    order.push(name)
  }
  const all = [add('i1', 'ingest'), add('i2', 'ingest'), add('c1', 'challenge'), add('c2', 'challenge')]
  expect(pool.stats).toMatchObject({ busyWorkers: 1, queuedChallenges: 2, queuedIngests: 2 })
  first.open()
  await Promise.all(all)
  expect(order).toEqual(['c1', 'c2', 'i1', 'i2'])
})

test('each lane refuses what is over its bound, and leaves the other its room', async () => {
  await using pool = openStandIn({ maxQueued: 1 })
  const first = await occupy(pool)
  const waiting = pool.commit(trick('answer').blob, ingest)
  expect(pool.hasRoom).toBe(false)
  await expect(pool.commit(trick('answer').blob, ingest)).rejects.toMatchObject({ code: 'QUEUE_FULL' })
  const challenged = pool.commit(trick('answer').blob, challenge)
  await expect(pool.commit(trick('answer').blob, challenge)).rejects.toMatchObject({ code: 'QUEUE_FULL' })
  first.open()
  await Promise.all([waiting, challenged])
})

test('who waits for room is told of it, or leaves by its signal', async () => {
  await using pool = openStandIn({ maxQueued: 1 })
  await pool.whenRoom()
  const first = await occupy(pool)
  const waiting = pool.commit(trick('answer').blob, ingest)
  const room = pool.whenRoom()
  const leaving = pool.whenRoom(AbortSignal.abort(new Error('gone')))
  await expect(leaving).rejects.toThrow('gone')
  const stop = new AbortController()
  const left = pool.whenRoom(stop.signal)
  stop.abort(new Error('left'))
  await expect(left).rejects.toThrow('left')
  first.open()
  await room
  expect(pool.hasRoom).toBe(true)
  await waiting
})

test('work that waits can be taken back, and is never begun', async () => {
  await using pool = openStandIn()
  const first = await occupy(pool)
  const stop = new AbortController()
  const [kept, dropped] = [trick('answer'), trick('answer')]
  const result = pool.commit(dropped.blob, { ...challenge, signal: stop.signal })
  const last = pool.commit(kept.blob, ingest)
  stop.abort(new Error('taken back'))
  await expect(result).rejects.toThrow('taken back')
  expect(pool.stats.queuedChallenges).toBe(0)
  first.open()
  await last
  expect(dropped.timesBegun()).toBe(0)
  await expect(pool.commit(kept.blob, { ...ingest, signal: stop.signal })).rejects.toThrow('taken back')
})

test('who takes back work that has begun is free at once, and the thread goes on', async () => {
  await using pool = openStandIn()
  const gate = trick('waitAtGate')
  const stop = new AbortController()
  const result = pool.commit(gate.blob, { ...ingest, signal: stop.signal })
  await gate.whenBegun()
  stop.abort(new Error('taken back'))
  await expect(result).rejects.toThrow('taken back')
  gate.open()
  await pool.commit(trick('answer').blob, ingest)
  expect(pool.stats.workerRestarts).toBe(0)
})

test('work whose thread is lost is done by the next', async () => {
  await using pool = openStandIn()
  const unlucky = trick('exitOnce')
  await pool.commit(unlucky.blob, ingest)
  expect(unlucky.timesBegun()).toBe(2)
  expect(pool.stats).toMatchObject({ workerRestarts: 1, completed: 1, failed: 0, busyWorkers: 0 })
})

test.each(['exit', 'throw'] as const)(
  'work over which every thread is lost (%s) fails, and the pool goes on',
  async kind => {
    await using pool = openStandIn()
    const deadly = trick(kind)
    await expect(pool.commit(deadly.blob, ingest)).rejects.toMatchObject({ code: 'PROVER_FAILED' })
    expect(deadly.timesBegun()).toBe(2)
    await pool.commit(trick('answer').blob, ingest)
    expect(pool.stats).toMatchObject({ workerRestarts: 2, completed: 1, failed: 1 })
  },
)

test('work taken back while its thread is lost is not tried again', async () => {
  await using pool = openStandIn({ taskTimeoutMs: 300 })
  const gate = trick('waitAtGate')
  const stop = new AbortController()
  const result = pool.commit(gate.blob, { ...ingest, signal: stop.signal })
  await gate.whenBegun()
  stop.abort(new Error('taken back'))
  await expect(result).rejects.toThrow('taken back')
  await pool.commit(trick('answer').blob, ingest)
  expect(gate.timesBegun()).toBe(1)
})

test('a thread that does not answer in time is replaced', async () => {
  await using pool = openStandIn({ taskTimeoutMs: 300 })
  const hanging = trick('waitAtGate')
  await expect(pool.commit(hanging.blob, ingest)).rejects.toMatchObject({ code: 'PROVER_FAILED' })
  await pool.commit(trick('answer').blob, ingest)
  expect(pool.stats.workerRestarts).toBe(2)
})

test('a thread that ends while nothing is asked of it is replaced', async () => {
  await using pool = openStandIn()
  await pool.commit(trick('exitAfterwards').blob, ingest)
  await vi.waitFor(() => expect(pool.stats.workerRestarts).toBe(1))
  await pool.commit(trick('answer').blob, ingest)
})

test('only threads lost in a row count against a worker', async () => {
  await using pool = openStandIn()
  for (let time = 1; time <= 6; time += 1) {
    await pool.commit(trick('exitOnce').blob, ingest)
    expect(pool.stats.workerRestarts).toBe(time)
  }
})

test('what the library refuses fails alone', async () => {
  await using pool = openStandIn()
  await expect(pool.commit(trick('refuse').blob, ingest)).rejects.toMatchObject({
    code: 'PROVER_FAILED',
    data: { reason: 'on purpose' },
  })
  expect(pool.stats.workerRestarts).toBe(0)
})

test.each([
  ['ends', 'process.exit(1)'],
  ['fails', 'throw new Error("no setup")'],
  ['hangs', 'setInterval(() => {}, 1_000)'],
])('a pool whose workers’ start %s says so to all who wait, and stays failed', async (_, source) => {
  await using pool = openStandIn({ workerUrl: new URL(`data:text/javascript,${source}`), startTimeoutMs: 200 })
  const waiting = pool.commit(trick('answer').blob, ingest)
  await expect(pool.ready).rejects.toMatchObject({ code: 'PROVER_FAILED' })
  await expect(waiting).rejects.toMatchObject({ code: 'PROVER_FAILED' })
  await expect(pool.open(blobOf(1n), 1n, challenge)).rejects.toMatchObject({ code: 'PROVER_FAILED' })
  await pool.whenRoom()
})

test('closing lets work that has begun come to its end and refuses the rest', async () => {
  const pool = openStandIn()
  const first = await occupy(pool)
  const waiting = pool.commit(trick('answer').blob, challenge)
  const closed = pool[Symbol.asyncDispose]()
  await expect(waiting).rejects.toMatchObject({ code: 'NODE_STOPPING' })
  await expect(pool.commit(trick('answer').blob, ingest)).rejects.toMatchObject({ code: 'NODE_STOPPING' })
  first.open()
  expect(await first.done).toHaveLength(48)
  await closed
  await pool[Symbol.asyncDispose]()
})

test('closing does not wait for threads that still start', async () => {
  const pool = openStandIn({ workerUrl: new URL('data:text/javascript,setInterval(() => {}, 1_000)'), workers: 2 })
  await pool[Symbol.asyncDispose]()
  await expect(pool.ready).rejects.toMatchObject({ code: 'NODE_STOPPING' })
})
