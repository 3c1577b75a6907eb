/** Stands in for the prover worker in the pool's tests: does what the first byte of the blob says, when its gate lets it. */

import { parentPort } from 'node:worker_threads'
import type { ProverReply, ProverRequest } from './prover-messages.ts'

/** First byte of the blob. The gate is its second 32-bit word, which counts how often work began; the third opens it. */
export const TRICKS = {
  answer: 0,
  waitAtGate: 1,
  exit: 2,
  throw: 3,
  refuse: 4,
  exitOnce: 5,
  exitAfterwards: 6,
} as const

const port = parentPort
port?.on('message', (request: ProverRequest) => {
  const blob = 'blob' in request ? request.blob : new Uint8Array(16)
  const gate = new Int32Array(blob.buffer, blob.byteOffset, 3)
  const begun = Atomics.add(gate, 1, 1)
  Atomics.notify(gate, 1)
  if (blob[0] === TRICKS.waitAtGate) Atomics.wait(gate, 2, 0)
  if (blob[0] === TRICKS.exit || (blob[0] === TRICKS.exitOnce && begun === 0)) process.exit(3)
  if (blob[0] === TRICKS.throw) throw new Error('thrown on purpose')
  if (blob[0] === TRICKS.exitAfterwards) setImmediate(() => process.exit(3))
  reply(
    blob[0] === TRICKS.refuse
      ? { kind: 'refused', message: 'on purpose' }
      : { kind: 'done', bytes: [blob.slice(0, 48)], foldMs: 0 },
  )
})
if (port !== null) reply({ kind: 'ready' })

function reply(message: ProverReply): void {
  port?.postMessage(message)
}
