/** Opens the engine's WebSocket door on the origin that served this page. */

import { RPCLink } from '@orpc/client/websocket'
import { ConnectionRefused, type OpenTransport, type Transport } from './connection.ts'

/** A door on the same machine answers at once; a guess with much room. */
const OPEN_TIMEOUT_MS = 5_000

/** `token` is hex; it travels as a subprotocol because a browser can set no header on a WebSocket. */
export function webSocketTransport(token: string): OpenTransport {
  return async signal => {
    const url = new URL('/ws', location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    url.hash = ''
    const socket = new WebSocket(url, ['emerald', `token.${token}`])
    const transport: Transport = {
      link: new RPCLink({ websocket: socket }),
      closed: new Promise(resolve => socket.addEventListener('close', () => resolve(), { once: true })),
      close: () => socket.close(),
    }
    signal.addEventListener('abort', transport.close, { once: true })
    const isOpen = await waitForOpen(socket)
    if (isOpen) return transport
    socket.close()
    if (await isNodeThere()) throw new ConnectionRefused('the node refused this session')
    throw new Error('the node cannot be reached')
  }
}

function waitForOpen(socket: WebSocket): Promise<boolean> {
  return new Promise(resolve => {
    socket.addEventListener('open', () => resolve(true), { once: true })
    socket.addEventListener('close', () => resolve(false), { once: true })
    setTimeout(() => resolve(false), OPEN_TIMEOUT_MS)
  })
}

/** A refused upgrade looks like any other failure to a page; `/health` answers without a token and tells them apart. */
async function isNodeThere(): Promise<boolean> {
  try {
    const response = await fetch('/health', { signal: AbortSignal.timeout(OPEN_TIMEOUT_MS) })
    return response.ok
  } catch {
    return false
  }
}
