/** A worker thread that makes commitments and proofs with c-kzg, which blocks its thread and loads its setup per thread. */

import { parentPort } from 'node:worker_threads'
import kzg from 'c-kzg'
import { bigintToBytes, bytesToBigint } from '../base/hex.ts'
import { COMMITMENT_BYTES, POINT_BYTES } from '../domain/point-bytes.ts'
import { encodeBlob } from './blob-encoding.ts'
import { divideAt } from './evaluation-form.ts'
import { foldPayloads } from './fold.ts'
import { type Openings, openBatch } from './open-batch.ts'
import { uncompressPoint } from './point-form.ts'
import type { FoldRequest } from './prover.ts'
import type { ProverReply, ProverRequest } from './prover-messages.ts'

/** Tables speed up only cells, which nobody asks for here; without them a worker needs 100 MiB less. */
const NO_PRECOMPUTED_TABLES = 0

if (parentPort === null) throw new Error('runs as a worker thread only')
const port = parentPort

/** Of the request at hand. */
let foldMs = 0

kzg.loadTrustedSetup(NO_PRECOMPUTED_TABLES)
port.on('message', (request: ProverRequest) => reply(answer(request)))
reply({ kind: 'ready' })

function answer(request: ProverRequest): ProverReply {
  try {
    foldMs = 0
    return { kind: 'done', bytes: compute(request), foldMs }
  } catch (error) {
    return { kind: 'refused', message: error instanceof Error ? error.message : String(error) }
  }
}

function compute(request: ProverRequest): readonly Uint8Array[] {
  switch (request.kind) {
    case 'commit':
      return [kzg.blobToKzgCommitment(request.blob)]
    case 'open':
      return kzg.computeKzgProof(request.blob, scalarBytes(request.z))
    case 'openFolded':
      return kzg.computeKzgProof(fold(request), scalarBytes(request.z))
    case 'divide': {
      const folded = fold(request)
      const { y, quotient } = divideAt(folded, request.z)
      return [folded, quotient, scalarBytes(y)]
    }
    case 'openBatch': {
      const { quotient, proof } = openBatch(request.transcript, request.items, OPENINGS)
      return [quotient, proof]
    }
    case 'uncompress':
      return [uncompressAll(request.commitments)]
  }
}

const OPENINGS: Openings = {
  commit: blob => kzg.blobToKzgCommitment(blob),
  open: (blob, z) => {
    const [proof, y] = kzg.computeKzgProof(blob, scalarBytes(z))
    return { proof, y: bytesToBigint(y) }
  },
}

function fold({ payloads, indexes, gamma }: FoldRequest): Uint8Array {
  const startedAt = performance.now()
  const [first] = payloads
  const folded =
    payloads.length === 1 && first !== undefined
      ? encodeBlob(first, indexes[0] ?? 0)
      : foldPayloads(payloads, indexes, gamma)
  foldMs = performance.now() - startedAt
  return folded
}

function uncompressAll(commitments: Uint8Array): Uint8Array {
  const points = new Uint8Array((commitments.length / COMMITMENT_BYTES) * POINT_BYTES)
  for (let at = 0; at * COMMITMENT_BYTES < commitments.length; at += 1)
    points.set(
      uncompressPoint(commitments.subarray(at * COMMITMENT_BYTES, (at + 1) * COMMITMENT_BYTES)),
      at * POINT_BYTES,
    )
  return points
}

const scalarBytes = (scalar: bigint): Uint8Array => bigintToBytes(scalar, 32)

function reply(message: ProverReply): void {
  port.postMessage(message)
}
