/** What the prover is measured against: plain c-kzg in a worker thread, the set-up loaded before anything is timed. */

import { parentPort } from 'node:worker_threads'
import kzg from 'c-kzg'

/** `commitMany`: commitments of the blobs in a loop, nothing else. Each request is answered by one message. */
export type BaselineRequest =
  | { readonly kind: 'commit'; readonly blob: Uint8Array }
  | { readonly kind: 'open'; readonly blob: Uint8Array; readonly z: Uint8Array }
  | { readonly kind: 'commitMany'; readonly blobs: readonly Uint8Array[] }

const port = parentPort
if (port === null) throw new Error('runs as a worker thread only')

kzg.loadTrustedSetup(0)
port.on('message', (request: BaselineRequest) => port.postMessage(compute(request)))
port.postMessage('ready')

function compute(request: BaselineRequest): unknown {
  if (request.kind === 'commit') return kzg.blobToKzgCommitment(request.blob)
  if (request.kind === 'open') return kzg.computeKzgProof(request.blob, request.z)
  return request.blobs.map(blob => kzg.blobToKzgCommitment(blob))
}
