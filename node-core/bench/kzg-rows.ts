/** What is measured of the prover: a challenge on one blob and on many, a batch, one commitment, ingest, and how proving grows with cores. */

import { batchTranscript } from '../src/domain/batch.ts'
import { challengePoint, foldingFactor } from '../src/domain/challenge-point.ts'
import { blobIndexes, saltOf } from '../src/domain/sampling.ts'
import { word } from '../src/domain/words.ts'
import { encodeBlob, encodeFile, PAYLOAD_BYTES_PER_BLOB } from '../src/kzg/blob-encoding.ts'
import { commitFile } from '../src/kzg/file-commitments.ts'
import type { DividedFold, FoldRequest, Prover } from '../src/kzg/prover.ts'
import type { Baseline } from './baseline.ts'
import { compare } from './measure.ts'
import { ms, type Row } from './row.ts'

/** `one` has one worker; `all` one for each core, and so have the `baselines`. */
export type Bench = {
  readonly one: Prover
  readonly all: Prover
  readonly baselines: readonly [Baseline, ...Baseline[]]
  readonly turns: number
}

const SEED = `0x${'5e'.repeat(32)}` as const
const POST_ID = `0x${'90'.repeat(32)}` as const
const MIB = 2 ** 20

const randomBytes = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return bytes
}

export async function oneBlobChallenge({ one, baselines: [baseline], turns }: Bench): Promise<Row> {
  const payload = randomBytes(PAYLOAD_BYTES_PER_BLOB)
  const blob = encodeBlob(payload, 0)
  const point = word(challengePoint({ postId: POST_ID, operator: 1, salt: SEED }))
  const answer = () => one.openFolded(challengeOn([payload]), { priority: 'challenge' })
  const { oursMs, baselineMs, ratio } = await compare(turns, answer, () =>
    baseline.run({ kind: 'open', blob, z: point }),
  )
  const name = 'challenge on one blob, from seed to proof, against computeKzgProof: time'
  return {
    name,
    ours: ms(oursMs),
    baseline: ms(baselineMs),
    figure: ratio,
    unit: 'ratio',
    better: 'lower',
    target: 1.1,
  }
}

export async function foldedChallenge({ one, baselines: [baseline], turns }: Bench): Promise<Row> {
  const payloads = Array.from({ length: 16 }, () => randomBytes(PAYLOAD_BYTES_PER_BLOB))
  const blobs = payloads.map(encodeBlob)
  const { z } = challengeOn(payloads)
  const openEach = async () => {
    for (const blob of blobs) await baseline.run({ kind: 'open', blob, z: word(z) })
  }
  const answer = () => one.openFolded(challengeOn(payloads), { priority: 'challenge' })
  const { oursMs, baselineMs, ratio } = await compare(Math.ceil(turns / 2), answer, openEach)
  const name = 'challenge on 16 blobs, from seed to proof, against 16 times computeKzgProof: speed'
  return {
    name,
    ours: ms(oursMs),
    baseline: ms(baselineMs),
    figure: 1 / ratio,
    unit: 'ratio',
    better: 'higher',
    target: 12,
  }
}

/** Sixteen posts of one operator: one opening for all against one for each, both by this prover. */
export async function batchOfSixteen({ one, turns }: Bench): Promise<Row> {
  const posts = Array.from({ length: 16 }, (_, at) => challengeOn([randomBytes(PAYLOAD_BYTES_PER_BLOB)], at))
  const options = { priority: 'challenge' } as const
  const single = async () => {
    for (const post of posts) await one.openFolded(post, options)
  }
  const batch = async () => {
    const items: DividedFold[] = []
    for (const post of posts) items.push(await one.divide(post, options))
    return one.openBatch(
      batchTranscript(
        0,
        1,
        items.map(({ z, y }) => ({ postId: POST_ID, z, y })),
      ),
      items,
      options,
    )
  }
  const { oursMs, baselineMs, ratio } = await compare(Math.ceil(turns / 2), batch, single)
  const name = 'batch of 16 challenges on one blob each, against answering them one by one: speed'
  return {
    name,
    ours: ms(oursMs),
    baseline: ms(baselineMs),
    figure: 1 / ratio,
    unit: 'ratio',
    better: 'higher',
    target: null,
  }
}

/** What is derived from the seed is derived inside the clock. */
function challengeOn(payloads: readonly Uint8Array[], operator = 1): FoldRequest {
  const salt = saltOf(SEED, POST_ID, 0)
  const source = { postId: POST_ID, operator, salt, root: SEED }
  const indexes = blobIndexes({ salt, operator, blobCount: payloads.length, blobsAtLevel: payloads.length })
  return { payloads, indexes, gamma: foldingFactor(source), z: challengePoint(source) }
}

export async function oneCommitment({ one, baselines: [baseline], turns }: Bench): Promise<Row> {
  const payload = randomBytes(PAYLOAD_BYTES_PER_BLOB)
  const blob = encodeBlob(payload, 0)
  const commit = () => one.commit(encodeBlob(payload, 0), { priority: 'ingest' })
  const { oursMs, baselineMs, ratio } = await compare(turns, commit, () => baseline.run({ kind: 'commit', blob }))
  const name = 'encode and commit one blob, against blobToKzgCommitment: time'
  return {
    name,
    ours: ms(oursMs),
    baseline: ms(baselineMs),
    figure: ratio,
    unit: 'ratio',
    better: 'lower',
    target: 1.1,
  }
}

export async function ingest({ all, baselines, turns }: Bench): Promise<Row> {
  const blobCount = 30 * baselines.length
  const file = randomBytes(blobCount * PAYLOAD_BYTES_PER_BLOB)
  const shares = sharesOf(encodeFile(file).map(inSharedMemory), baselines.length)
  const baseline = () =>
    Promise.all(baselines.map((each, at) => each.run({ kind: 'commitMany', blobs: shares[at] ?? [] })))
  const { oursMs, baselineMs, ratio } = await compare(
    Math.ceil(turns / 5),
    () => commitFile(inParts(file), all),
    baseline,
  )
  const rate = (timeMs: number) => `${((file.length / MIB / timeMs) * 1_000).toFixed(2)} MiB/s`
  const name = `ingest of ${blobCount} blobs on ${baselines.length} cores (encode, commit, root), against c-kzg's commitments alone: rate`
  return {
    name,
    ours: rate(oursMs),
    baseline: rate(baselineMs),
    figure: 1 / ratio,
    unit: 'ratio',
    better: 'higher',
    target: 0.9,
  }
}

export async function scaling({ one, all, baselines, turns }: Bench): Promise<Row> {
  const blobs = encodeFile(randomBytes(16 * baselines.length * PAYLOAD_BYTES_PER_BLOB))
  const prove = (prover: Prover) => () =>
    Promise.all(blobs.map((blob, at) => prover.open(blob, BigInt(at + 7), { priority: 'challenge' })))
  const { oursMs, baselineMs, ratio } = await compare(Math.ceil(turns / 5), prove(all), prove(one))
  const rate = (timeMs: number) => `${((blobs.length / timeMs) * 1_000).toFixed(1)} proofs/s`
  const name = `proving on ${baselines.length} cores, against one core: rate`
  return {
    name,
    ours: rate(oursMs),
    baseline: rate(baselineMs),
    figure: 1 / ratio,
    unit: 'ratio',
    better: 'higher',
    target: baselines.length === 2 ? 1.85 : null,
  }
}

async function* inParts(file: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += MIB) yield file.subarray(at, at + MIB)
}

/** Handing the blobs over costs the baseline nothing. */
function inSharedMemory(blob: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(blob.length))
  shared.set(blob)
  return shared
}

function sharesOf<T>(all: readonly T[], count: number): T[][] {
  return Array.from({ length: count }, (_, share) => all.filter((_each, at) => at % count === share))
}
