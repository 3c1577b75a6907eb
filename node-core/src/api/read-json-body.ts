/** Reads the JSON body of a request with a bound on its bytes, whether or not the sender announced them. */

import type { IncomingMessage } from 'node:http'
import { AppError } from '../base/app-error.ts'

/** Up to this many times the limit is read and thrown away, so that an honest client gets an answer and not a reset. */
const DRAINED_TIMES = 4

/**
 * @returns undefined for an empty body.
 * @throws AppError PAYLOAD_TOO_LARGE; VALIDATION_ERROR when the body is no JSON or is not declared to be JSON.
 */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const bytes = await readBytes(request, maxBytes)
  if (bytes.length === 0) return undefined
  const [type = ''] = (request.headers['content-type'] ?? '').split(';')
  if (type.trim().toLowerCase() !== 'application/json') throw refused('The Content-Type must be application/json.')
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw refused('The body is not JSON.')
  }
}

async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = new AppError('PAYLOAD_TOO_LARGE', { maxBytes })
  if (Number(request.headers['content-length'] ?? 0) > DRAINED_TIMES * maxBytes) throw tooLarge
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of bytesOf(request)) {
    total += chunk.length
    if (total > DRAINED_TIMES * maxBytes) throw tooLarge
    if (total <= maxBytes) chunks.push(chunk)
  }
  if (total > maxBytes) throw tooLarge
  return Buffer.concat(chunks)
}

/** Leaving a stream destroys it and with it the socket that the answer must still go through. */
function bytesOf(request: IncomingMessage): AsyncIterable<Uint8Array> {
  return request.iterator({ destroyOnReturn: false })
}

function refused(message: string): AppError {
  return new AppError('VALIDATION_ERROR', { issues: [{ path: '', message }] })
}
