/** The RPC protocol over any channel of frames: what the WebSocket and the MessagePort doors share. */

import type { StandardRPCHandler } from '@orpc/server/standard'
import { ServerPeer } from '@orpc/standard-server-peer'
import { AppError } from '../base/app-error.ts'
import { createTraceId } from '../base/trace-id.ts'
import type { Log } from '../telemetry/log.ts'
import type { DoorLimits } from './door-limits.ts'
import type { RateLimiter } from './rate-limiter.ts'
import type { CreateContext, DoorContext, DoorName } from './router-context.ts'
import { toWireError } from './wire-error.ts'

export type Frame = string | Uint8Array<ArrayBuffer>

export type PeerOptions<TContext extends DoorContext> = {
  readonly door: DoorName
  readonly handler: StandardRPCHandler<TContext>
  readonly createContext: CreateContext<TContext>
  readonly limiter: RateLimiter
  readonly limits: DoorLimits
  readonly log: Log
  /** Resolves when the channel has taken the frame, so that an event stream goes no faster than its reader. */
  readonly send: (frame: string | ArrayBufferLike | Uint8Array) => void | Promise<void>
  /** A frame that is not of the protocol came. */
  readonly onMalformed: () => void
}

export type Peer = {
  receive(frame: Frame): void
  /** Aborts every call under way and ends every event stream. */
  close(): void
}

type PeerRequest = Parameters<NonNullable<Parameters<ServerPeer['message']>[1]>>[0]
type PeerResponse = Awaited<ReturnType<NonNullable<Parameters<ServerPeer['message']>[1]>>>

export function servePeer<TContext extends DoorContext>(options: PeerOptions<TContext>): Peer {
  const { door, handler, createContext, limiter, limits, log, send, onMalformed } = options
  const peer = new ServerPeer(send)
  let inFlight = 0

  async function answer(request: PeerRequest, frameBytes: number): Promise<PeerResponse> {
    const traceId = createTraceId()
    try {
      assertAccepted(frameBytes)
      const context = createContext({ traceId, door })
      const { response } = await handler.handle({ ...request, body: async () => request.body }, { context })
      if (response === undefined) throw new AppError('METHOD_NOT_FOUND')
      return response
    } catch (error) {
      const wireError = toWireError(error, { traceId, log, method: request.url.pathname })
      return { status: wireError.status, headers: {}, body: { json: wireError.toJSON() } }
    }
  }

  function assertAccepted(frameBytes: number): void {
    limiter.take()
    const { maxBodyBytes, maxCallsInFlight } = limits
    if (frameBytes > maxBodyBytes) throw new AppError('PAYLOAD_TOO_LARGE', { maxBytes: maxBodyBytes })
    if (inFlight > maxCallsInFlight) throw new AppError('QUEUE_FULL', { maxCallsInFlight })
  }

  async function process(frame: Frame): Promise<void> {
    let isRequest = false
    inFlight += 1
    try {
      await peer.message(frame, request => {
        isRequest = true
        return answer(request, Buffer.byteLength(frame))
      })
    } catch (error) {
      // After the request was understood only sending can fail: the other side is gone, and its `close` follows.
      if (isRequest) log.debug('peer_send_failed', { door, error })
      else onMalformed()
    } finally {
      inFlight -= 1
    }
  }

  return {
    receive(frame) {
      void process(frame)
    },
    close: () => peer.close(),
  }
}
