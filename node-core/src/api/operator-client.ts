/** Connects to a running node over its WebSocket, for the command line. */

import { type ClientLink, createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { AnyContractRouter, ContractRouterClient } from '@orpc/contract'
import { WebSocket } from 'ws'
import { AppError } from '../base/app-error.ts'
import type { OperatorContract } from '../contract/operator.ts'
import { untilAborted } from './event-stream.ts'
import { openWebSocket } from './open-websocket.ts'

export type OperatorConnectionOptions = {
  /** Of the door: `http://127.0.0.1:<port>`. */
  readonly url: string
  readonly token: string
  readonly connectTimeoutMs?: number
  /** For the answer of one call, or for the start of one event stream. */
  readonly callTimeoutMs?: number
}

/** Each call rejects with an error that `toClientError` understands. */
export type OperatorConnection<TContract extends AnyContractRouter> = AsyncDisposable & {
  readonly client: ContractRouterClient<TContract>
}

/** Guesses; long work is a job and no long call. */
const CONNECT_TIMEOUT_MS = 5_000
const CALL_TIMEOUT_MS = 60_000

/** @throws AppError NODE_NOT_RUNNING when nobody answers there; what the door refuses with, such as UNAUTHORIZED. */
export async function connectOperator<TContract extends AnyContractRouter = OperatorContract>({
  url,
  token,
  connectTimeoutMs = CONNECT_TIMEOUT_MS,
  callTimeoutMs = CALL_TIMEOUT_MS,
}: OperatorConnectionOptions): Promise<OperatorConnection<TContract>> {
  const websocket = await openWebSocket({ url, token, timeoutMs: connectTimeoutMs })
  // The link reads text frames and Node's buffers as they come; its type asks for the browser's class.
  const rpc = new RPCLink<Record<never, never>>({ websocket: websocket as unknown as globalThis.WebSocket })
  const client = createORPCClient<ContractRouterClient<TContract>>(boundCalls(rpc, websocket, callTimeoutMs))
  return { client, [Symbol.asyncDispose]: () => closeWebSocket(websocket) }
}

/** Adds the time limit, and tells a lost connection from a call that was given up. */
function boundCalls(
  link: ClientLink<Record<never, never>>,
  websocket: WebSocket,
  timeoutMs: number,
): ClientLink<Record<never, never>> {
  return {
    async call(path, input, options) {
      const late = new AbortController()
      const timer = setTimeout(() => late.abort(new AppError('TIMEOUT', { timeoutMs })), timeoutMs)
      const signal = options.signal === undefined ? late.signal : AbortSignal.any([options.signal, late.signal])
      try {
        return await untilAborted(link.call(path, input, { ...options, signal }), signal)
      } catch (error) {
        const isLost = !signal.aborted && websocket.readyState !== WebSocket.OPEN
        throw isLost ? new AppError('NODE_NOT_RUNNING', {}, { cause: error }) : error
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

async function closeWebSocket(websocket: WebSocket): Promise<void> {
  if (websocket.readyState === WebSocket.CLOSED) return
  const closed = new Promise<void>(resolve => {
    websocket.once('close', () => resolve())
  })
  websocket.close()
  const timer = setTimeout(() => websocket.terminate(), 1_000)
  await closed
  clearTimeout(timer)
}
