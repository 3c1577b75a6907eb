/** Opens the WebSocket of the operator door and says in the app's own codes why it did not open. */

import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import { AppError } from '../base/app-error.ts'
import { toClientError } from '../contract/client-error.ts'
import { WEBSOCKET_PROTOCOL } from './request-guard.ts'

/** The body of a refusal is a few hundred bytes; more is not from this node. */
const MAX_REFUSAL_BYTES = 16 * 1024

export type WebSocketTarget = { readonly url: string; readonly token: string; readonly timeoutMs: number }

/** @throws AppError NODE_NOT_RUNNING, or the code that the door refused with. */
export async function openWebSocket({ url, token, timeoutMs }: WebSocketTarget): Promise<WebSocket> {
  const target = new URL('/ws', url)
  target.protocol = 'ws:'
  const socket = new WebSocket(target, [WEBSOCKET_PROTOCOL, `token.${token}`], {
    handshakeTimeout: timeoutMs,
    perMessageDeflate: false,
  })
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('unexpected-response', (_request, response) => {
      readRefusal(response).then(error => {
        reject(error)
        socket.terminate()
      }, reject)
    })
    // Stays for good: without a listener a later error of the socket would end the process; `close` follows it.
    socket.on('error', error => reject(new AppError('NODE_NOT_RUNNING', { url }, { cause: error })))
  })
}

async function readRefusal(response: IncomingMessage): Promise<AppError> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk
    if (text.length > MAX_REFUSAL_BYTES) break
  }
  const { code, data } = toClientError(parseJson(text))
  return code === 'INTERNAL'
    ? new AppError('NODE_NOT_RUNNING', { status: response.statusCode })
    : new AppError(code, data)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
