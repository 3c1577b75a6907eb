/** Offers an attestation to a relay, once. */

import { unescape as decoded } from 'node:querystring'
import { isErrorCode } from '../contract/error-codes.ts'
import { attestationAnswer, RELAY_PATH } from '../contract/relay.ts'
import { errorBody } from '../contract/shapes.ts'
import type { SignedAttestation } from '../store/signed-attestations-table.ts'
import type { CollectState } from './take-attestation.ts'

export type RelayAnswer =
  | { readonly kind: 'taken'; readonly state: CollectState }
  /** It would be refused again, at least until the relay's view of the chain changes. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'busy'; readonly retryAfterMs: number }
  /** No answer, or none that a relay gives. */
  | { readonly kind: 'failed'; readonly reason: string }

/** Our answers are far below; whatever is longer is none. */
const MAX_ANSWER_BYTES = 16 * 1024
/** However long it asks for: it may have been told to. */
const MAX_RETRY_AFTER_MS = 10_000

/** @param relayUrl may have a path and a query of its own, and credentials before the host. Redirects are not followed. */
export async function postAttestation(
  relayUrl: string,
  { postId, root, operator, stakeEpoch, deadlineSeconds, signature }: SignedAttestation,
  signal: AbortSignal,
): Promise<RelayAnswer> {
  try {
    const { url, headers } = targetOf(relayUrl)
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ postId, root, operator, stakeEpoch, deadlineSeconds, signature }),
      redirect: 'error',
      signal,
    })
    return answerOf(response, await readJson(response))
  } catch (error) {
    // fetch's own errors may have the whole address in them.
    return { kind: 'failed', reason: error instanceof Error ? error.name : 'unknown' }
  }
}

/** fetch refuses an address with credentials: they go as Basic authentication (RFC 7617), as those of RPC endpoints do. */
function targetOf(relayUrl: string): { url: URL; headers: Readonly<Record<string, string>> } {
  const url = new URL(relayUrl)
  const { username, password } = url
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${RELAY_PATH}`
  url.username = ''
  url.password = ''
  if (username === '' && password === '') return { url, headers: {} }
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`, 'utf8').toString('base64')
  return { url, headers: { authorization: `Basic ${credentials}` } }
}

function answerOf({ ok, status, headers }: Response, body: unknown): RelayAnswer {
  const taken = attestationAnswer.safeParse(body)
  if (ok && taken.success) return { kind: 'taken', state: taken.data.state }
  if (status === 429 || status === 503) return { kind: 'busy', retryAfterMs: retryAfterOf(headers) }
  const code = errorBody.safeParse(body).data?.code ?? ''
  if (status >= 400 && status < 500) return { kind: 'refused', reason: isErrorCode(code) ? code : `HTTP ${status}` }
  return { kind: 'failed', reason: `HTTP ${status}` }
}

/** In whole seconds (RFC 9110 section 10.2.3); a date is taken for a second. */
function retryAfterOf(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? 1)
  return Number.isFinite(seconds) ? Math.min(MAX_RETRY_AFTER_MS, Math.max(1, seconds) * 1_000) : 1_000
}

/** @returns undefined for what is no JSON, or too long. */
async function readJson({ body }: Response): Promise<unknown> {
  if (body === null) return undefined
  const parts: Uint8Array[] = []
  let total = 0
  for await (const part of body) {
    total += part.length
    if (total > MAX_ANSWER_BYTES) return undefined
    parts.push(part)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'))
  } catch {
    return undefined
  }
}
