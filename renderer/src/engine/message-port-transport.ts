/** Takes the engine's MessagePort from the preload script of the desktop window. */

import { RPCLink } from '@orpc/client/message-port'
import type { OpenTransport } from './connection.ts'

/** What the preload script puts into the page: one function, which has a port posted to this window. */
export type DesktopBridge = { readonly connect: () => void }

const PORT_TIMEOUT_MS = 5_000

export function messagePortTransport(bridge: DesktopBridge): OpenTransport {
  return async signal => {
    const arriving = waitForPort(signal)
    bridge.connect()
    const port = await arriving
    const link = new RPCLink({ port })
    port.start()
    const closed = new Promise<void>(resolve => port.addEventListener('close', () => resolve(), { once: true }))
    signal.addEventListener('abort', () => port.close(), { once: true })
    return { link, closed, close: () => port.close() }
  }
}

function waitForPort(signal: AbortSignal): Promise<MessagePort> {
  return new Promise((resolve, reject) => {
    const done = new AbortController()
    const giveUp = AbortSignal.any([signal, AbortSignal.timeout(PORT_TIMEOUT_MS)])
    giveUp.addEventListener('abort', () => {
      done.abort()
      reject(new Error('the desktop shell handed over no port'))
    })
    window.addEventListener(
      'message',
      event => {
        const port = event.ports[0]
        if (event.source !== window || event.data !== 'emerald:port' || !port) return
        done.abort()
        resolve(port)
      },
      { signal: done.signal },
    )
  })
}
