/** The desktop window's way to the engine: a port that arrives as a message of the page's own window. */

import { createORPCClient } from '@orpc/client'
import type { RouterClient } from '@orpc/server'
import { os } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { afterEach, expect, test, vi } from 'vitest'
import { messagePortTransport } from './message-port-transport.ts'

const router = { ping: os.handler(() => 'pong') }

afterEach(() => void vi.unstubAllGlobals())

/** A page whose preload script answers `connect` as the desktop shell does. */
function openPage(post: (page: EventTarget, port: MessagePort) => void) {
  const page = new EventTarget()
  vi.stubGlobal('window', page)
  const { port1, port2 } = new MessageChannel()
  new RPCHandler(router).upgrade(port2)
  port2.start()
  return { bridge: { connect: () => post(page, port1) }, port1, port2 }
}

const message = (source: unknown, data: string, port: MessagePort) =>
  Object.assign(new Event('message'), { source, data, ports: [port] })

test('takes the port that the preload script posts, calls over it, and hears it close', async () => {
  const { bridge, port2 } = openPage((page, port) => page.dispatchEvent(message(page, 'emerald:port', port)))
  const transport = await messagePortTransport(bridge)(new AbortController().signal)
  const client: RouterClient<typeof router> = createORPCClient(transport.link)
  expect(await client.ping()).toBe('pong')
  port2.close()
  await transport.closed
})

test('a port from elsewhere, or under another name, is left alone', async () => {
  const stopping = new AbortController()
  const { bridge, port1, port2 } = openPage((page, port) => {
    page.dispatchEvent(message(new EventTarget(), 'emerald:port', port))
    page.dispatchEvent(message(page, 'other', port))
  })
  const opening = messagePortTransport(bridge)(stopping.signal)
  stopping.abort()
  await expect(opening).rejects.toThrow('no port')
  port1.close()
  port2.close()
})
