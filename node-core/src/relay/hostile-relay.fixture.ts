/** A server between an operator's node and a relay that does to each attestation what a test says. */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { parseSignature, serializeCompactSignature, serializeSignature, signatureToCompactSignature } from 'viem'
import type { Hex } from '../base/hex.ts'
import { RELAY_PATH } from '../contract/relay.ts'
import type { SignedAttestation } from '../store/signed-attestations-table.ts'

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const flipped = (hex: Hex): Hex => `${hex.slice(0, -3)}${hex.at(-3) === '0' ? '1' : '0'}${hex.slice(-2)}` as Hex // one digit changed

const highS = (signature: Hex): Hex => {
  const { r, s, yParity } = parseSignature(signature)
  return serializeSignature({ r, s: `0x${(ORDER - BigInt(s)).toString(16).padStart(64, '0')}`, yParity: 1 - yParity })
}
const compact = (signature: Hex): Hex =>
  serializeCompactSignature(signatureToCompactSignature(parseSignature(signature)))
const lowV = (signature: Hex): Hex => `${signature.slice(0, -2)}${signature.endsWith('1b') ? '00' : '01'}` as Hex // still hex

/** The same attestation in another form, or another attestation. */
export const ALTERATIONS = {
  postId: a => ({ ...a, postId: flipped(a.postId) }),
  root: a => ({ ...a, root: flipped(a.root) }),
  operator: a => ({ ...a, operator: (a.operator + 1) % 4 }),
  stakeEpoch: a => ({ ...a, stakeEpoch: a.stakeEpoch - 1 }),
  laterStakeEpoch: a => ({ ...a, stakeEpoch: a.stakeEpoch + 1 }),
  deadline: a => ({ ...a, deadlineSeconds: a.deadlineSeconds + 1 }),
  signature: a => ({ ...a, signature: flipped(a.signature) }),
  highS: a => ({ ...a, signature: highS(a.signature) }),
  lowV: a => ({ ...a, signature: lowV(a.signature) }),
  highSAndLowV: a => ({ ...a, signature: lowV(highS(a.signature)) }),
  compact: a => ({ ...a, signature: compact(a.signature) }),
} as const satisfies Readonly<Record<string, (attestation: SignedAttestation) => SignedAttestation>>

export type Behaviour =
  | 'honest'
  /** No answer; nothing, or the attestation, gets through. */
  | 'down'
  | 'slow'
  | 'lateAnswer'
  /** Says that all is well. */
  | 'drop'
  | 'refuse'
  | 'busy'
  | 'duplicate'
  /** Passed on when the test releases what is held, the last one first. */
  | 'reorder'
  /** Another attestation, which the relay got before, in place of this one. */
  | 'replay'
  | keyof typeof ALTERATIONS

export const BEHAVIOURS: readonly Behaviour[] = [
  ...(['honest', 'down', 'slow', 'lateAnswer', 'drop', 'refuse', 'busy', 'duplicate', 'reorder', 'replay'] as const),
  ...(Object.keys(ALTERATIONS) as (keyof typeof ALTERATIONS)[]), // the keys of a const object
]

export type HostileRelay = AsyncDisposable & {
  readonly url: string
  /** What is done to the next attestations, in turn. */
  behave(behaviours: readonly Behaviour[]): void
  /** Passes on what was held back. */
  release(): Promise<void>
}

export async function openHostileRelay(relayUrl: () => string): Promise<HostileRelay> {
  let behaviours: readonly Behaviour[] = ['honest']
  let turn = 0
  const seen: SignedAttestation[] = []
  const held: SignedAttestation[] = []

  async function passOn(attestation: SignedAttestation): Promise<{ status: number; text: string }> {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify(attestation)
    const response = await fetch(`${relayUrl()}${RELAY_PATH}`, { method: 'POST', headers, body })
    return { status: response.status, text: await response.text() }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const attestation: SignedAttestation = JSON.parse(Buffer.concat(parts).toString('utf8'))
    seen.push(attestation)
    const behaviour = behaviours[turn % behaviours.length] ?? 'honest'
    turn += 1
    const say = (status: number, text: string): void => void response.writeHead(status).end(text)
    const sayWell = (): void => say(202, JSON.stringify({ ok: true, state: 'collected' }))
    const through = async (what: SignedAttestation): Promise<void> => {
      const { status, text } = await passOn(what)
      say(status, text)
    }
    switch (behaviour) {
      case 'honest':
        return through(attestation)
      case 'down':
        return void request.socket.destroy()
      case 'slow':
        return
      case 'lateAnswer':
        return void (await passOn(attestation))
      case 'drop':
        return sayWell()
      case 'refuse':
        return say(400, JSON.stringify({ ok: false, error: 'No.', code: 'VALIDATION_ERROR', trace_id: 't' }))
      case 'busy':
        return void response.writeHead(503, { 'retry-after': '1000000' }).end()
      case 'duplicate':
        await Promise.all([passOn(attestation), passOn(attestation)])
        return through(attestation)
      case 'reorder':
        held.push(attestation)
        return sayWell()
      case 'replay':
        return through(seen[turn % seen.length] ?? attestation)
      default:
        return through(ALTERATIONS[behaviour](attestation))
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    behave(given) {
      behaviours = given
      turn = 0
    },
    async release() {
      for (const attestation of held.splice(0).reverse()) await passOn(attestation)
    },
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}
