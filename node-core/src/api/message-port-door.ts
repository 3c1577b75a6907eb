/** Serves the router over a MessagePort: of a browser, of node:worker_threads or of Electron's main process. */

import {
  onMessagePortClose,
  onMessagePortMessage,
  postMessagePortMessage,
  type SupportedMessagePort,
} from '@orpc/client/message-port'
import { type Log, nullLog } from '../telemetry/log.ts'
import { DEFAULT_DOOR_LIMITS, type DoorLimits } from './door-limits.ts'
import { createRateLimiter } from './rate-limiter.ts'
import type { CreateContext, DoorContext, DoorRouter } from './router-context.ts'
import { createRpcHandler } from './rpc-handler.ts'
import { type Frame, servePeer } from './serve-peer.ts'

export type MessagePortDoorOptions<TContext extends DoorContext> = {
  readonly router: DoorRouter<TContext>
  readonly createContext: CreateContext<TContext>
  /** Belongs to the door from now on: it is started here and closed by dispose. */
  readonly port: SupportedMessagePort & { start?(): void; close?(): void }
  readonly log?: Log
  readonly limits?: DoorLimits
}

/** Whoever holds the other end may read and write, so hand it only to a sender that was checked. */
export function serveMessagePort<TContext extends DoorContext>({
  router,
  createContext,
  port,
  log = nullLog,
  limits = DEFAULT_DOOR_LIMITS,
}: MessagePortDoorOptions<TContext>): AsyncDisposable {
  const door = 'message-port'
  const onMalformed = () => log.warn('peer_malformed_frame', { door })
  const peer = servePeer({
    door,
    handler: createRpcHandler(router, log),
    createContext,
    limiter: createRateLimiter(limits.rate),
    limits,
    log,
    send: frame => postMessagePortMessage(port, frame),
    onMalformed,
  })
  onMessagePortMessage(port, (data: unknown) => {
    if (isFrame(data)) peer.receive(data)
    else onMalformed()
  })
  onMessagePortClose(port, () => peer.close())
  port.start?.()
  return {
    async [Symbol.asyncDispose]() {
      peer.close()
      port.close?.()
    },
  }
}

/** A shared buffer could change while it is read, so it is no frame. */
function isFrame(data: unknown): data is Frame {
  return typeof data === 'string' || (data instanceof Uint8Array && data.buffer instanceof ArrayBuffer)
}
