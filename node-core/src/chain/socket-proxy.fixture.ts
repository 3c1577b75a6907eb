/** Stands between a WebSocket client and its server, and cuts, holds back or spoils what goes through. */

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'

export type SocketProxy = AsyncDisposable & {
  readonly url: string
  /** Set by tests. `refuses`: new connections are closed at once. `holds`: nothing passes to the client. */
  readonly faults: { refuses: boolean; holds: boolean }
  /** Connections ever taken. */
  readonly taken: () => number
  /** The id of the latest subscription. */
  readonly subscription: () => string
  /** Ends all connections without a word. */
  cut(): void
  /** Says this to all clients. */
  say(data: string | Uint8Array): void
}

export async function openSocketProxy(targetUrl: string): Promise<SocketProxy> {
  const faults = { refuses: false, holds: false }
  let taken = 0
  let subscription = ''
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  server.on('connection', client => {
    taken += 1
    client.on('error', () => client.terminate())
    if (faults.refuses) return client.close(1013)
    const target = new WebSocket(targetUrl)
    const waiting: string[] = []
    target.on('error', () => client.terminate())
    target.on('open', () => {
      for (const text of waiting.splice(0)) target.send(text)
    })
    client.on('message', data =>
      target.readyState === target.OPEN ? target.send(String(data)) : waiting.push(String(data)),
    )
    target.on('message', data => {
      subscription = /"id":1,"result":"([^"]+)"/.exec(String(data))?.[1] ?? subscription
      if (!faults.holds) client.send(String(data))
    })
    client.on('close', () => target.terminate())
    target.on('close', () => client.terminate())
  })
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on a port
    faults,
    taken: () => taken,
    subscription: () => subscription,
    cut: () => {
      for (const client of server.clients) client.terminate()
    },
    say: data => {
      for (const client of server.clients) client.send(data)
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      for (const client of server.clients) client.terminate()
      server.close()
      await closed
    },
  }
}
