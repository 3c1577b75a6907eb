/** A worker thread that makes commitments and proofs with c-kzg, which blocks its thread and loads its setup per thread. */

import { parentPort } from 'node:worker_threads'
import kzg from 'c-kzg'
import type { ProverReply, ProverRequest } from './prover-messages.ts'

/** Tables speed up only cells, which nobody asks for here; without them a worker needs 100 MiB less. */
const NO_PRECOMPUTED_TABLES = 0

if (parentPort === null) throw new Error('runs as a worker thread only')
const port = parentPort

kzg.loadTrustedSetup(NO_PRECOMPUTED_TABLES)
port.on('message', (request: ProverRequest) => reply(answer(request)))
reply({ kind: 'ready' })

function answer(request: ProverRequest): ProverReply {
  try {
    return { kind: 'done', bytes: compute(request) }
  } catch (error) {
    return { kind: 'refused', message: error instanceof Error ? error.message : String(error) }
  }
}

function compute(request: ProverRequest): readonly Uint8Array[] {
  if (request.kind === 'commit') return [kzg.blobToKzgCommitment(request.blob)]
  return kzg.computeKzgProof(request.blob, request.z)
}

function reply(message: ProverReply): void {
  port.postMessage(message)
}
