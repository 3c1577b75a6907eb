/** Keeping a connection: waiting, losing, coming back. */

import { expect, test, vi } from 'vitest'
import {
  type Connection,
  ConnectionLost,
  ConnectionRefused,
  createConnection,
  reconnectDelayMs,
  type Transport,
} from './connection.ts'

/** A transport that answers with its number and can be cut. */
function createTransport(number: number, call = async (): Promise<unknown> => number) {
  const closed = Promise.withResolvers<void>()
  const transport: Transport = { link: { call }, closed: closed.promise, close: closed.resolve }
  return transport
}

const call = (connection: Connection, signal?: AbortSignal) =>
  connection.link.call(['node', 'facts'], undefined, { context: {}, ...(signal ? { signal } : {}) })
const becomes = (connection: Connection, kind: string) =>
  vi.waitFor(() => expect(connection.getState().kind).toBe(kind))

test('a call made before the connection is open waits for it', async () => {
  const opening = Promise.withResolvers<Transport>()
  const connection = createConnection(() => opening.promise)
  const answer = call(connection)
  opening.resolve(createTransport(1))
  expect(await answer).toBe(1)
  connection.close()
})

test('a lost connection is opened again and calls go to the new one', async () => {
  const transports = [createTransport(1), createTransport(2)]
  let turn = 0
  const connection = createConnection(async () => transports[turn++] ?? createTransport(3))
  expect(await call(connection)).toBe(1)
  transports[0]?.close()
  await becomes(connection, 'lost')
  connection.retryNow()
  expect(await call(connection)).toBe(2)
  connection.close()
})

test('a call that the loss cuts short says that the connection was lost', async () => {
  const first = createTransport(1, async () => {
    first.close()
    throw new Error('peer closed')
  })
  const connection = createConnection(async () => first)
  await expect(call(connection)).rejects.toThrow(ConnectionLost)
  connection.close()
})

test('an error of the engine passes unchanged', async () => {
  const failure = new Error('POST_NOT_FOUND')
  const connection = createConnection(async () =>
    createTransport(1, async () => {
      throw failure
    }),
  )
  await expect(call(connection)).rejects.toBe(failure)
  connection.close()
})

test('a call can be given up while it waits', async () => {
  const connection = createConnection(() => new Promise(() => {}))
  const stopping = new AbortController()
  const waiting = call(connection, stopping.signal)
  stopping.abort()
  await expect(waiting).rejects.toThrow(ConnectionLost)
  connection.close()
})

test('a refused session is told apart from a node that is not there', async () => {
  const connection = createConnection(async () => {
    throw new ConnectionRefused('no')
  })
  await vi.waitFor(() => expect(connection.getState()).toMatchObject({ kind: 'lost', isRefused: true }))
  connection.close()
})

test('pauses double up to eight seconds and a quarter', () => {
  expect([1, 2, 3, 10].map(attempt => reconnectDelayMs(attempt, () => 0))).toEqual([250, 500, 1_000, 8_000])
  expect(reconnectDelayMs(1_000, () => 1)).toBe(10_000)
})
