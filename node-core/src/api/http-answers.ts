/** The answers that a door writes by itself, on a request or on the bare socket of an upgrade. */

import type { ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WireError } from './wire-error.ts'

export function sendJson(response: ServerResponse, status: number, body: object): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(body))
}

export function sendText(response: ServerResponse, text: string): void {
  send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', text)
}

/** When the answer has begun already, only ending the connection can tell the client that it is not whole. */
export function sendWireError(response: ServerResponse, { status, data }: WireError): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  if (status === 429 || status === 503) response.setHeader('Retry-After', String(retryAfterSeconds(data.data)))
  // What is left of a refused body must not be read as the next request.
  if (!response.req.complete) response.setHeader('Connection', 'close')
  sendJson(response, status, data)
}

/** What is not said how long it takes may be over in a second. */
function retryAfterSeconds({ retryAfterMs }: Readonly<Record<string, unknown>> = {}): number {
  return typeof retryAfterMs === 'number' ? Math.max(1, Math.ceil(retryAfterMs / 1_000)) : 1
}

/** For a socket that has no response object: a refused upgrade or a request that is not HTTP. */
export function endSocket(socket: Duplex, { status, data }: WireError): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const body = JSON.stringify(data)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('Content-Type', contentType)
  response.setHeader('Content-Length', Buffer.byteLength(body))
  response.statusCode = status
  response.end(body)
}
