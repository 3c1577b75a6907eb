/** The WebSocket side of the operator door: frames in, frames out, within bounds. */

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { WEBSOCKET_PROTOCOL } from './request-guard.ts'
import type { DoorContext } from './router-context.ts'
import type { Peer, PeerOptions } from './serve-peer.ts'
import { servePeer } from './serve-peer.ts'

/** RFC 6455 section 7.4.1. */
const GOING_AWAY = 1001
const INVALID_PAYLOAD = 1007
/** A frame over the limit gets an answer; one over this many times the limit ends the connection. */
const HARD_LIMIT_TIMES = 2
/** A guess: answers that a client left unread up to here; it is cut off beyond. */
const MAX_UNSENT_BYTES = 32 * 1024 * 1024

export type WebSocketConnections = {
  /** The request must have passed every check. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Says goodbye to every client; `terminate` is for those that do not answer. */
  close(): void
  terminate(): void
}

export function createWebSocketConnections<TContext extends DoorContext>(
  options: Omit<PeerOptions<TContext>, 'door' | 'send' | 'onMalformed'>,
): WebSocketConnections {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: HARD_LIMIT_TIMES * options.limits.maxBodyBytes,
    perMessageDeflate: false,
    handleProtocols: protocols => (protocols.has(WEBSOCKET_PROTOCOL) ? WEBSOCKET_PROTOCOL : false),
  })
  const serve = (socket: WebSocket) => {
    const peer = servePeer({
      ...options,
      door: 'websocket',
      send: frame => sendFrame(socket, frame),
      onMalformed: () => socket.close(INVALID_PAYLOAD),
    })
    connect(socket, peer)
    // The protocol errors of a client (a frame too large, a bad mask) come here; `close` follows.
    socket.on('error', error => options.log.debug('websocket_failed', { error }))
  }
  return {
    accept: (request, socket, head) => server.handleUpgrade(request, socket, head, serve),
    close: () => {
      for (const socket of server.clients) socket.close(GOING_AWAY)
    },
    terminate: () => {
      for (const socket of server.clients) socket.terminate()
    },
  }
}

function connect(socket: WebSocket, peer: Peer): void {
  socket.on('message', (data, isBinary) => peer.receive(isBinary ? toBytes(data) : toBytes(data).toString('utf8')))
  socket.on('close', () => peer.close())
}

function sendFrame(socket: WebSocket, frame: string | ArrayBufferLike | Uint8Array): Promise<void> {
  if (socket.bufferedAmount > MAX_UNSENT_BYTES) socket.terminate()
  return new Promise((resolve, reject) => {
    socket.send(frame, error => (error ? reject(error) : resolve()))
  })
}

function toBytes(data: RawData): Buffer<ArrayBuffer> {
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(new Uint8Array(data))
}
