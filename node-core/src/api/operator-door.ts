/** The operator's loopback door: the API over HTTP and WebSocket, the UI, and the probes, on one port. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { AppError } from '../base/app-error.ts'
import { createTraceId } from '../base/trace-id.ts'
import type { Log } from '../telemetry/log.ts'
import { type AnswerApiRequest, API_PREFIX, createApiRequests } from './api-requests.ts'
import { DEFAULT_DOOR_LIMITS, type DoorLimits } from './door-limits.ts'
import { endSocket } from './http-answers.ts'
import { type LoopbackHost, openHttpListener, pathOf } from './http-listener.ts'
import type { PortChoice } from './listen.ts'
import { answerProbe, METRICS_PATH, type Probes } from './probes.ts'
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts'
import { createRequestGuard, type RequestGuard } from './request-guard.ts'
import type { CreateContext, DoorContext, DoorRouter } from './router-context.ts'
import { createRpcHandler } from './rpc-handler.ts'
import { openUiFiles, type UiFiles } from './ui-files.ts'
import { createWebSocketConnections, type WebSocketConnections } from './websocket-connections.ts'
import { toWireError } from './wire-error.ts'

const WEBSOCKET_PATH = '/ws'

export type OperatorDoorOptions<TContext extends DoorContext> = {
  readonly router: DoorRouter<TContext>
  readonly createContext: CreateContext<TContext>
  readonly port: PortChoice
  readonly host?: LoopbackHost
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
  const listener = await openHttpListener({ host, port: options.port }, limits, log)
  const { server, port, url } = listener
  const callLimiter = createRateLimiter(limits.rate)
  const sockets = createWebSocketConnections({
    handler: createRpcHandler(router, log),
    createContext,
    limiter: callLimiter,
    limits,
    log,
  })
  const door: Door = {
    guard: createRequestGuard(port, token),
    callLimiter,
    openLimiter: createRateLimiter(limits.rate),
    answerApi: createApiRequests({ router, createContext, maxBodyBytes: limits.maxBodyBytes, log }),
    sockets,
    probes,
    ui,
    limits,
    log,
  }
  listener.serve((request, response, traceId) => route(door, request, response, traceId))
  server.on('upgrade', (request, socket, head) => upgrade(door, request, socket, head))
  // Event streams would never end by themselves.
  return { url, port, [Symbol.asyncDispose]: () => listener.close(sockets) }
}

type Door = {
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
  if (pathname === METRICS_PATH) guard.assertNotForeignPage(request)
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
