/** What a request must prove before anything is done for it: that it means this node, comes from its UI, and holds the token. */

import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { AppError } from '../base/app-error.ts'

/** The WebSocket subprotocol; the token travels beside it as `token.<hex>`, because a browser can set no header there. */
export const WEBSOCKET_PROTOCOL = 'emerald'
const TOKEN_PROTOCOL_PREFIX = 'token.'

export type RequestGuard = {
  /**
   * A page of another site that resolves its own name to 127.0.0.1 is told by its Host, any other page by its Origin.
   * @throws AppError HOST_NOT_ALLOWED, ORIGIN_NOT_ALLOWED
   */
  assertLocal(request: IncomingMessage): void
  /**
   * A page of another site, or of another port, can ask without being given the answer, and sends no Origin then. Its browser says so;
   * who is no browser says nothing. https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
   * @throws AppError ORIGIN_NOT_ALLOWED
   */
  assertNotForeignPage(request: IncomingMessage): void
  /** @throws AppError UNAUTHORIZED unless `Authorization: Bearer <token>` is there. */
  assertBearer(request: IncomingMessage): void
  /** @throws AppError UNAUTHORIZED unless the subprotocol list holds the token. */
  assertWebSocketToken(request: IncomingMessage): void
}

/** @param port the one that is bound. */
export function createRequestGuard(port: number, token: string): RequestGuard {
  const hosts = new Set(localHosts(port))
  const origins = new Set(localHosts(port).map(host => `http://${host}`))
  const isToken = createTokenCheck(token)
  return {
    assertLocal({ headers }) {
      if (!hosts.has(headers.host?.toLowerCase() ?? '')) throw new AppError('HOST_NOT_ALLOWED')
      if (headers.origin !== undefined && !origins.has(headers.origin)) throw new AppError('ORIGIN_NOT_ALLOWED')
    },
    assertNotForeignPage({ headers }) {
      const site = headers['sec-fetch-site'] ?? 'none'
      if (site !== 'none' && site !== 'same-origin') throw new AppError('ORIGIN_NOT_ALLOWED')
    },
    assertBearer({ headers }) {
      const [, given] = /^Bearer ([^\s]+)$/i.exec(headers.authorization ?? '') ?? []
      if (!isToken(given)) throw new AppError('UNAUTHORIZED')
    },
    assertWebSocketToken({ headers }) {
      const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map(item => item.trim())
      const given = protocols.find(item => item.startsWith(TOKEN_PROTOCOL_PREFIX))
      if (!isToken(given?.slice(TOKEN_PROTOCOL_PREFIX.length))) throw new AppError('UNAUTHORIZED')
    },
  }
}

export function localHosts(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]
}

/** Hashes have one length, so neither the length nor the content of the token shows in the time this takes. */
function createTokenCheck(token: string): (given: string | undefined) => boolean {
  if (token.length < 32) throw new RangeError('the access token is too short to be secret')
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = digest(token)
  return given => given !== undefined && timingSafeEqual(digest(given), expected)
}
