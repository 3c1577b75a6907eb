/** A bounded HTTP server: what all doors that listen have in common, from binding to closing. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../base/app-error.ts'
import { createTraceId } from '../base/trace-id.ts'
import type { Log } from '../telemetry/log.ts'
import type { DoorLimits } from './door-limits.ts'
import { endSocket, sendWireError } from './http-answers.ts'
import { listen, type PortChoice } from './listen.ts'
import { setSecurityHeaders } from './security-headers.ts'
import { toWireError } from './wire-error.ts'

/** A guess: no header of ours or of a browser comes near it. */
const MAX_HEADER_BYTES = 16 * 1024

export type LoopbackHost = '127.0.0.1' | '::1'
/** What it throws is answered with the one error body. */
export type AnswerRequest = (request: IncomingMessage, response: ServerResponse, traceId: string) => Promise<void>

export type HttpListener = {
  readonly server: Server
  /** The one that is bound. */
  readonly port: number
  readonly url: string
  serve(answer: AnswerRequest): void
  /** Requests under way get the grace, then are cut. @param endOthers ends at once, then cuts, connections that are no requests any more. */
  close(endOthers?: { close(): void; terminate(): void }): Promise<void>
}

/** @throws AppError PORT_IN_USE when a port was demanded and is taken. */
export async function openHttpListener(
  where: { readonly host: LoopbackHost; readonly port: PortChoice },
  limits: DoorLimits,
  log: Log,
): Promise<HttpListener> {
  const server = createBoundedServer(limits)
  server.on('clientError', (_error, socket) => {
    endSocket(socket, toWireError(new AppError('VALIDATION_ERROR'), { traceId: createTraceId(), log }))
  })
  const port = await listen(server, where.host, where.port)
  return {
    server,
    port,
    url: `http://${where.host === '::1' ? '[::1]' : where.host}:${port}`,
    serve(answer) {
      server.on('request', (request: IncomingMessage, response: ServerResponse) => {
        void answerSafely(answer, request, response, { port, log })
      })
    },
    close: endOthers => close(server, limits.closeGraceMs, endOthers),
  }
}

async function answerSafely(
  answer: AnswerRequest,
  request: IncomingMessage,
  response: ServerResponse,
  { port, log }: { readonly port: number; readonly log: Log },
): Promise<void> {
  const traceId = createTraceId()
  try {
    setSecurityHeaders(response, port)
    await log.inTrace(traceId, () => answer(request, response, traceId))
  } catch (error) {
    // The client left: what then fails is not the node's failure, and nobody reads the answer.
    if (response.destroyed) return
    sendWireError(response, toWireError(error, { traceId, log, method: request.url ?? '' }))
  }
}

/** @throws AppError VALIDATION_ERROR for a target that is no path of this server (RFC 9112 section 3.2.2 on). */
export function pathOf({ url = '' }: IncomingMessage): string {
  const [path = ''] = url.split('?')
  try {
    if (path.startsWith('/')) return decodeURIComponent(path)
  } catch {
    // Falls to the refusal below: an escape that is no UTF-8 names nothing here.
  }
  throw new AppError('VALIDATION_ERROR', { issues: [{ path: '', message: 'The request target is not a path.' }] })
}

function createBoundedServer({ maxConnections, headersTimeoutMs, requestTimeoutMs }: DoorLimits): Server {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(headersTimeoutMs, 5_000),
  })
  server.maxConnections = maxConnections
  return server
}

async function close(server: Server, graceMs: number, endOthers?: { close(): void; terminate(): void }): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  endOthers?.close()
  server.closeIdleConnections()
  await Promise.race([closed, delay(graceMs, undefined, { ref: false })])
  endOthers?.terminate()
  server.closeAllConnections()
  await closed
}
