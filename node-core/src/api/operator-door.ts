/** The operator's loopback door: the API over HTTP and WebSocket, the UI, and the probes, on one port. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../base/app-error.ts'
import { createTraceId } from '../base/trace-id.ts'
import type { Log } from '../telemetry/log.ts'
import { type AnswerApiRequest, API_PREFIX, createApiRequests } from './api-requests.ts'
import { DEFAULT_DOOR_LIMITS, type DoorLimits } from './door-limits.ts'
import { endSocket, sendWireError } from './http-answers.ts'
import { listen, type PortChoice } from './listen.ts'
import { answerProbe, type Probes } from './probes.ts'
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts'
import { createRequestGuard, type RequestGuard } from './request-guard.ts'
import type { CreateContext, DoorContext, DoorRouter } from './router-context.ts'
import { createRpcHandler } from './rpc-handler.ts'
import { setSecurityHeaders } from './security-headers.ts'
import { openUiFiles, type UiFiles } from './ui-files.ts'
import { createWebSocketConnections, type WebSocketConnections } from './websocket-connections.ts'
import { toWireError } from './wire-error.ts'

const WEBSOCKET_PATH = '/ws'
/** A guess: no header of ours or of a browser on loopback comes near it. */
const MAX_HEADER_BYTES = 16 * 1024

export type OperatorDoorOptions<TContext extends DoorContext> = {
  readonly router: DoorRouter<TContext>
  readonly createContext: CreateContext<TContext>
  readonly port: PortChoice
  readonly host?: '127.0.0.1' | '::1'
  /** See `access-token.ts`. */
  readonly token: string
  readonly probes: Probes
  /** The built UI; without it the door has no documents. */
  readonly uiDirectory?: string
  readonly log: Log
  readonly limits?: Partial<DoorLimits>
}

export type OperatorDoor = AsyncDisposable & { readonly url: string; readonly port: number }

/** @throws AppError PORT_IN_USE when a port was demanded and is taken. */
export async function openOperatorDoor<TContext extends DoorContext>(
  options: OperatorDoorOptions<TContext>,
): Promise<OperatorDoor> {
  const { router, createContext, token, host = '127.0.0.1', probes, uiDirectory, log } = options
  const limits = { ...DEFAULT_DOOR_LIMITS, ...options.limits }
  const ui = uiDirectory === undefined ? undefined : await openUiFiles(uiDirectory)
  const server = createBoundedServer(limits)
  const port = await listen(server, host, options.port)
  const callLimiter = createRateLimiter(limits.rate)
  const sockets = createWebSocketConnections({
    handler: createRpcHandler(router, log),
    createContext,
    limiter: callLimiter,
    limits,
    log,
  })
  attach(server, {
    port,
    guard: createRequestGuard(port, token),
    callLimiter,
    openLimiter: createRateLimiter(limits.rate),
    answerApi: createApiRequests({ router, createContext, maxBodyBytes: limits.maxBodyBytes, log }),
    sockets,
    probes,
    ui,
    limits,
    log,
  })
  const url = `http://${host === '::1' ? '[::1]' : host}:${port}`
  return { url, port, [Symbol.asyncDispose]: () => close(server, sockets, limits.closeGraceMs) }
}

type Door = {
  readonly port: number
  readonly guard: RequestGuard
  /** For those that hold the token; a page that knocks without one cannot use it up. */
  readonly callLimiter: RateLimiter
  readonly openLimiter: RateLimiter
  readonly answerApi: AnswerApiRequest
  readonly sockets: WebSocketConnections
  readonly probes: Probes
  readonly ui: UiFiles | undefined
  readonly limits: DoorLimits
  readonly log: Log
}

function attach(server: Server, door: Door): void {
  server.on('request', (request: IncomingMessage, response: ServerResponse) => void answer(door, request, response))
  server.on('upgrade', (request, socket, head) => upgrade(door, request, socket, head))
  server.on('clientError', (_error, socket) => {
    endSocket(socket, toWireError(new AppError('VALIDATION_ERROR'), { traceId: createTraceId(), log: door.log }))
  })
}

async function answer(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const traceId = createTraceId()
  try {
    setSecurityHeaders(response, door.port)
    await route(door, request, response, traceId)
  } catch (error) {
    // The client left: what then fails is not the node's failure, and nobody reads the answer.
    if (response.destroyed) return
    sendWireError(response, toWireError(error, { traceId, log: door.log, method: request.url ?? '' }))
  }
}

async function route(door: Door, request: IncomingMessage, response: ServerResponse, traceId: string): Promise<void> {
  const { guard, callLimiter, openLimiter, answerApi, probes, ui, limits } = door
  guard.assertLocal(request)
  const pathname = pathOf(request)
  if (pathname === API_PREFIX || pathname.startsWith(`${API_PREFIX}/`)) {
    guard.assertBearer(request)
    callLimiter.take()
    return answerApi(request, response, traceId)
  }
  openLimiter.take()
  if (await answerProbe(probes, pathname, response, limits.probeTimeoutMs)) return
  if (ui === undefined || pathname === WEBSOCKET_PATH) throw new AppError('METHOD_NOT_FOUND')
  await ui.send(request, response, pathname)
}

function upgrade({ guard, sockets, log }: Door, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.on('error', error => log.debug('websocket_failed', { error }))
  try {
    guard.assertLocal(request)
    if (pathOf(request) !== WEBSOCKET_PATH) throw new AppError('METHOD_NOT_FOUND')
    guard.assertWebSocketToken(request)
    sockets.accept(request, socket, head)
  } catch (error) {
    endSocket(socket, toWireError(error, { traceId: createTraceId(), log, method: request.url ?? '' }))
  }
}

/** @throws AppError VALIDATION_ERROR for a target that is no path of this server (RFC 9112 section 3.2.2 on). */
function pathOf({ url = '' }: IncomingMessage): string {
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

/** Calls under way get the grace; event streams would never end by themselves and are cut with whatever is left. */
async function close(server: Server, sockets: WebSocketConnections, graceMs: number): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  sockets.close()
  server.closeIdleConnections()
  await Promise.race([closed, delay(graceMs, undefined, { ref: false })])
  sockets.terminate()
  server.closeAllConnections()
  await closed
}
