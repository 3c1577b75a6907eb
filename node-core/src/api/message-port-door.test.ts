/** The MessagePort door with Electron's kind of port, with garbage, and how it closes. */

import { EventEmitter } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { describe, expect, it, vi } from 'vitest'
import { DEFAULT_DOOR_LIMITS } from './door-limits.ts'
import { serveMessagePort } from './message-port-door.ts'
import type { StandInClient } from './test-support/door-fixtures.ts'
import { createRecordingLog } from './test-support/recording-log.ts'
import { createStandInNode } from './test-support/stand-in-node.ts'

describe('message port door', () => {
  it("serves Electron's MessagePortMain, which is an emitter of events with data", async () => {
    const node = createStandInNode()
    const { main, renderer } = createElectronChannel()
    const door = serveMessagePort({ ...node, port: main })
    const client = createORPCClient<StandInClient>(new RPCLink({ port: renderer }))
    expect(await client.posts.list({ limit: 2 })).toMatchObject({ total: 2 })
    expect(main.isStarted).toBe(true)
    await door[Symbol.asyncDispose]()
    expect(main.isClosed).toBe(true)
  })

  const garbage = [
    '',
    'not json',
    '{}',
    'null',
    '{"i":1}',
    7,
    null,
    undefined,
    { i: '1', p: { u: '/demo/reset' } },
    [1],
  ]
  it.each(garbage)('goes on after the message %j', async message => {
    const log = createRecordingLog()
    const { port1, port2 } = new MessageChannel()
    const door = serveMessagePort({ ...createStandInNode(), port: port1, log })
    const client = createORPCClient<StandInClient>(new RPCLink({ port: port2 }))
    port2.start()
    port2.postMessage(message)
    expect(await client.demo.reset()).toEqual({ ok: true })
    await vi.waitFor(() => expect(log.lines.map(({ event }) => event)).toEqual(['peer_malformed_frame']))
    await door[Symbol.asyncDispose]()
  })

  it('ends the streams and calls of a window that went away', async () => {
    const node = createStandInNode()
    const { port1, port2 } = new MessageChannel()
    serveMessagePort({ ...node, port: port1 })
    const client = createORPCClient<StandInClient>(new RPCLink({ port: port2 }))
    port2.start()
    const next = Promise.resolve((await client.node.events({})).next())
    const call = client.testing.wait()
    for (const pending of [next, call]) pending.catch(() => undefined)
    await vi.waitFor(() => expect(node.seen).toMatchObject({ openStreams: 1, waiting: 1 }))
    port2.close()
    await vi.waitFor(() => expect(node.seen).toMatchObject({ openStreams: 0, aborted: 1 }))
    await expect(call).rejects.toThrow()
  })

  it('refuses more calls at a time than it may hold', async () => {
    const node = createStandInNode()
    const { port1, port2 } = new MessageChannel()
    const limits = { ...DEFAULT_DOOR_LIMITS, maxCallsInFlight: 2 }
    const door = serveMessagePort({ ...node, port: port1, limits })
    const client = createORPCClient<StandInClient>(new RPCLink({ port: port2 }))
    port2.start()
    for (const call of [client.testing.wait(), client.testing.wait()]) call.catch(() => undefined)
    await vi.waitFor(() => expect(node.seen.waiting).toBe(2))
    await expect(client.demo.reset()).rejects.toMatchObject({ data: { code: 'QUEUE_FULL' } })
    await door[Symbol.asyncDispose]()
  })
})

/** Electron's ports: `on` with `{ data }`, `start`, `close`, and no `addEventListener`. */
function createElectronChannel() {
  const main = createElectronPort()
  const renderer = createElectronPort()
  main.connectTo(renderer.emitter)
  renderer.connectTo(main.emitter)
  return { main, renderer }
}

function createElectronPort() {
  const emitter = new EventEmitter()
  let other = new EventEmitter()
  return {
    emitter,
    isStarted: false,
    isClosed: false,
    connectTo(end: EventEmitter) {
      other = end
    },
    on(event: string, listener: (event?: { data: unknown }) => void) {
      emitter.on(event, listener)
    },
    postMessage(data: unknown) {
      queueMicrotask(() => other.emit('message', { data: structuredClone(data) }))
    },
    start() {
      this.isStarted = true
    },
    close() {
      this.isClosed = true
      other.emit('close')
    },
  }
}
