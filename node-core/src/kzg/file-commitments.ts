/** What the chain needs of a whole file: all commitments, also uncompressed, and their root; and openings of blobs for a challenge. */

import type { Hex } from '../base/hex.ts'
import { type ChallengeSource, challengePoint, foldingFactor } from '../domain/challenge-point.ts'
import { COMMITMENT_BYTES } from '../domain/point-bytes.ts'
import { blobIndexes } from '../domain/sampling.ts'
import { toHex } from '../domain/words.ts'
import { encodeBlobs } from './blob-encoding.ts'
import { commitmentRoot, versionedHash } from './commitment-tree.ts'
import type { Prover } from './prover.ts'

/** `blobs` is their number; the lists are in the order of the blobs. */
export type FileCommitments = {
  readonly byteLength: number
  readonly blobs: number
  readonly root: Hex
  readonly commitments: readonly Hex[]
  readonly versionedHashes: readonly Hex[]
}

/** Blobs on their way through the prover at once: enough to keep its threads busy while the next is read. */
const BLOBS_IN_FLIGHT_PER_WORKER = 2

/**
 * Holds a few blobs at a time, however long the file.
 * @throws AppError EMPTY_FILE · FILE_TOO_LARGE · PROVER_FAILED · NODE_STOPPING; the signal's reason; what the source throws.
 */
export async function commitFile(
  source: AsyncIterable<Uint8Array>,
  prover: Prover,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<FileCommitments> {
  const counted = { byteLength: 0 }
  const commitments: Uint8Array[] = []
  for await (const each of commitBlobs(encodeBlobs(countBytes(source, counted)), prover, options.signal))
    commitments.push(each)
  return {
    byteLength: counted.byteLength,
    blobs: commitments.length,
    root: commitmentRoot(commitments),
    commitments: commitments.map(toHex),
    versionedHashes: commitments.map(versionedHash),
  }
}

/** Commitments in the order of the blobs. When it ends early, the blobs that still wait leave the prover's queue. */
async function* commitBlobs(
  blobs: AsyncIterable<Uint8Array>,
  prover: Prover,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const leaving = new AbortController()
  const either = signal === undefined ? leaving.signal : AbortSignal.any([signal, leaving.signal])
  const inFlight: Promise<Uint8Array>[] = []
  const next = () => inFlight.shift() ?? Promise.reject(new RangeError('nothing is in flight'))
  try {
    for await (const blob of blobs) {
      while (!prover.hasRoom) await prover.whenRoom(either)
      const commitment = prover.commit(blob, { priority: 'ingest', signal: either })
      // It is awaited in its turn; failing before that must not count as unhandled.
      commitment.catch(() => undefined)
      inFlight.push(commitment)
      if (inFlight.length >= BLOBS_IN_FLIGHT_PER_WORKER * prover.stats.workers) yield await next()
    }
    while (inFlight.length > 0) yield await next()
  } finally {
    leaving.abort()
  }
}

async function* countBytes(
  source: AsyncIterable<Uint8Array>,
  counted: { byteLength: number },
): AsyncGenerator<Uint8Array> {
  for await (const part of source) {
    counted.byteLength += part.length
    yield part
  }
}

/** So few that a challenge waits for some 20 ms at most before it gets its turn. */
const UNCOMPRESSED_AT_ONCE = 64

/**
 * @param commitments 48 bytes each.
 * @returns 128 bytes each, in the same order.
 * @throws AppError QUEUE_FULL · PROVER_FAILED · NODE_STOPPING; the signal's reason.
 */
export async function uncompressCommitments(
  commitments: Uint8Array,
  prover: Pick<Prover, 'hasRoom' | 'whenRoom' | 'uncompress'>,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for (let from = 0; from < commitments.length; from += UNCOMPRESSED_AT_ONCE * COMMITMENT_BYTES) {
    while (!prover.hasRoom) await prover.whenRoom(signal)
    const chunk = commitments.subarray(from, from + UNCOMPRESSED_AT_ONCE * COMMITMENT_BYTES)
    parts.push(await prover.uncompress(chunk, { priority: 'ingest', signal }))
  }
  return Buffer.concat(parts)
}

export type OpenRequest = ChallengeSource & {
  readonly root: Hex
  readonly blobCount: number
  readonly blobsAtLevel: number
  /** Gives the bytes of the file that the blob at an index holds; asked for each index of the challenge, in order. */
  readonly payloadAt: (index: number) => Promise<Uint8Array>
  readonly signal?: AbortSignal | undefined
}

/** `commitment` is that of the folded blob, Σ γ^j C_j: what `proof` opens at `z` to `y`. */
export type ChallengeOpening = {
  readonly indexes: readonly number[]
  readonly z: bigint
  readonly gamma: bigint
  readonly y: bigint
  readonly commitment: Hex
  readonly proof: Hex
}

/** Answers a challenge from the file alone. @throws AppError QUEUE_FULL · PROVER_FAILED · NODE_STOPPING; the signal's reason. */
export async function openBlobs(request: OpenRequest, prover: Prover): Promise<ChallengeOpening> {
  const indexes = blobIndexes(request)
  const z = challengePoint(request)
  const gamma = foldingFactor(request)
  const payloads: Uint8Array[] = []
  for (const index of indexes) payloads.push(await request.payloadAt(index))
  const options = { priority: 'challenge', signal: request.signal } as const
  const { folded } = await prover.divide({ payloads, indexes, gamma, z }, options)
  const [commitment, { y, proof }] = await Promise.all([
    prover.commit(folded, options),
    prover.open(folded, z, options),
  ])
  return { indexes, z, gamma, y, commitment: toHex(commitment), proof: toHex(proof) }
}
