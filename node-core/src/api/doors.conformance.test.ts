/** The same cases over every door: what a caller sees must not depend on the way it came. */

import { ORPCError } from '@orpc/contract'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { toClientError } from '../contract/client-error.ts'
import { ERROR_CODES, type ErrorCode } from '../contract/error-codes.ts'
import { errorBody, type NodeEvent } from '../contract/shapes.ts'
import { DEFAULT_DOOR_LIMITS } from './door-limits.ts'
import { doorFixtures, type OpenedDoor } from './test-support/door-fixtures.ts'
import { createRecordingLog, type RecordingLog } from './test-support/recording-log.ts'
import type { Failure } from './test-support/stand-in-contract.ts'
import { HIDDEN } from './test-support/stand-in-node.ts'

describe.each(Object.entries(doorFixtures))('the %s door', (name, open) => {
  let log: RecordingLog
  let door: OpenedDoor
  beforeEach(async () => {
    log = createRecordingLog()
    door = await open(log)
  })
  afterEach(() => door[Symbol.asyncDispose]())

  it('answers a call with defaults filled in', async () => {
    expect(await door.client.posts.list({ limit: 7 })).toEqual({ items: [], nextCursor: null, total: 7 })
    expect(await door.client.posts.list({})).toEqual({ items: [], nextCursor: null, total: 50 })
  })

  it('answers methods without input and with path parameters only', async () => {
    expect(await door.client.demo.reset()).toEqual({ ok: true })
    expect(await door.client.uploads.cancel({ uploadId: 'a/b c' })).toEqual({ ok: true })
  })

  it('tells the method which door it is and gives each call a trace id', async () => {
    const first = await door.client.testing.where()
    const second = await door.client.testing.where()
    expect(first.door).toBe(name)
    expect(first.traceId).toMatch(/^[0-9a-f]{32}$/)
    expect(second.traceId).not.toBe(first.traceId)
  })

  it('takes an upload part of the largest allowed size', async () => {
    const bytesBase64 = Buffer.alloc(1_048_576, 7).toString('base64')
    const answer = await door.client.uploads.append({ uploadId: 'u', offset: 3, bytesBase64 })
    expect(answer).toEqual({ uploadId: 'u', receivedBytes: 3, byteLength: bytesBase64.length })
  })

  it('sends a typed error with its data and never its cause', async () => {
    const body = await failed(door.client.testing.fail({ how: 'typed' }))
    expectBody(body, 'POST_NOT_FOUND', { postId: '0x01', weiBehind: '5' })
  })

  it('names in the error the trace id of what the method logged', async () => {
    const bodies = [
      await failed(door.client.testing.fail({ how: 'typed' })),
      await failed(door.client.testing.fail({ how: 'zod' })),
    ]
    const lines = log.lines.filter(({ event }) => event === 'about_to_fail')
    expect(lines.map(({ fields }) => fields.trace_id)).toEqual(bodies.map(body => toClientError(body).traceId))
    expect(new Set(lines.map(({ fields }) => fields.trace_id)).size).toBe(2)
  })

  const unforeseen: readonly Failure[] = ['unforeseen', 'output', 'bigint', 'zod', 'foreign']
  it.each(unforeseen)('hides an unforeseen failure (%s) behind a trace id that the log knows', async how => {
    const body = await failed(door.client.testing.fail({ how }))
    expectBody(body, 'INTERNAL')
    const line = log.lines.findLast(({ fields }) => fields.trace_id === toClientError(body).traceId)
    expect(line).toMatchObject({ severity: 'error', event: 'call_failed', fields: { method: 'testing.fail' } })
    expect(line?.fields.error).toBeInstanceOf(Error)
  })

  it('says which part of the input is wrong', async () => {
    const body = await failed(door.client.posts.list({ limit: 1000, search: 'x'.repeat(101) }))
    expectBody(body, 'VALIDATION_ERROR', {
      issues: [
        { path: 'limit', message: expect.any(String) },
        { path: 'search', message: expect.any(String) },
      ],
    })
  })

  it('answers a method it does not have', async () => {
    expectBody(await failed(door.client.testing.missing()), 'METHOD_NOT_FOUND')
  })

  it('refuses a secret method', async () => {
    expectBody(await failed(door.client.testing.exportKey()), 'UNAUTHORIZED', { access: 'secret' })
  })

  it('refuses an input over the limit and goes on', async () => {
    const bytesBase64 = 'A'.repeat(DEFAULT_DOOR_LIMITS.maxBodyBytes + 4)
    const body = await failed(door.client.uploads.append({ uploadId: 'u', offset: 0, bytesBase64 }))
    expectBody(body, 'PAYLOAD_TOO_LARGE', { maxBytes: DEFAULT_DOOR_LIMITS.maxBodyBytes })
    expect(await door.client.demo.reset()).toEqual({ ok: true })
  })

  it('ends a call that its caller gives up, on both sides, without logging a failure', async () => {
    const caller = new AbortController()
    const call = door.client.testing.wait(undefined, { signal: caller.signal })
    await vi.waitFor(() => expect(door.node.seen.waiting).toBe(1))
    caller.abort()
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
    await vi.waitFor(() => expect(door.node.seen.aborted).toBe(1))
    expect(await door.client.demo.reset()).toEqual({ ok: true })
    expect(log.lines.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('answers 50 calls at a time, each with its own answer', async () => {
    const limits = Array.from({ length: 50 }, (_, index) => index + 1)
    const answers = await Promise.all(limits.map(limit => door.client.posts.list({ limit })))
    expect(answers.map(({ total }) => total)).toEqual(limits)
  })

  it('delivers live events in order', async () => {
    const events = await door.client.node.events({})
    const received = take(events, 3)
    for (const id of ['a', 'b', 'c']) door.node.events.publish('post', id, { blobs: 2 })
    expect((await received).map(({ seq, id, data }) => ({ seq, id, data }))).toEqual([
      { seq: 1, id: 'a', data: { blobs: 2 } },
      { seq: 2, id: 'b', data: { blobs: 2 } },
      { seq: 3, id: 'c', data: { blobs: 2 } },
    ])
    await events.return?.()
  })

  it('resumes an event stream after the last event seen', async () => {
    for (const id of ['a', 'b', 'c', 'd']) door.node.events.publish('job', id)
    const events = await door.client.node.events({ afterSeq: 2 })
    expect((await take(events, 2)).map(({ seq }) => seq)).toEqual([3, 4])
    await events.return?.()
  })

  it('ends the event stream of a client that leaves while it waits', async () => {
    const caller = new AbortController()
    door.node.events.publish('head', null)
    const events = await door.client.node.events({ afterSeq: 0 }, { signal: caller.signal })
    await take(events, 1)
    const waiting = Promise.resolve(events.next())
    waiting.catch(() => undefined)
    await vi.waitFor(() => expect(door.node.seen.openStreams).toBe(1))
    caller.abort()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    await vi.waitFor(() => expect(door.node.seen.openStreams).toBe(0))
  })

  it('ends the event stream of a client that stops reading it', async () => {
    door.node.events.publish('head', null)
    const events = await door.client.node.events({ afterSeq: 0 })
    for await (const { seq } of events) {
      expect(seq).toBe(1)
      expect(door.node.seen.openStreams).toBe(1)
      break
    }
    await vi.waitFor(() => expect(door.node.seen.openStreams).toBe(0))
  })

  // A fetch response has no way to leave it while a read waits, except its signal.
  it.skipIf(name === 'http')('ends the event stream of a client that returns while it waits', async () => {
    const events = await door.client.node.events({})
    const waiting = Promise.resolve(events.next())
    waiting.catch(() => undefined)
    await vi.waitFor(() => expect(door.node.seen.openStreams).toBe(1))
    await events.return?.()
    await vi.waitFor(() => expect(door.node.seen.openStreams).toBe(0))
  })

  it('ends an event stream that fails with the same error body', async () => {
    const events = await door.client.testing.failingEvents()
    await take(events, 1)
    expectBody(await failed(Promise.resolve(events.next())), 'RPC_UNAVAILABLE', { url: 'local' })
  })
})

/** @returns the body as it came over the door. */
async function failed(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
  } catch (error) {
    return error instanceof ORPCError ? { ...error.data, httpStatus: error.status } : error
  }
  throw new Error('the call did not fail')
}

function expectBody(body: unknown, code: ErrorCode, data?: Record<string, unknown>): void {
  const { message, status } = ERROR_CODES[code]
  const expected = { ok: false, error: message, code, trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) }
  expect(errorBody.strip().parse(body)).toEqual(data === undefined ? expected : { ...expected, data })
  if (typeof body === 'object' && body !== null && 'httpStatus' in body) expect(body.httpStatus).toBe(status)
  expect(JSON.stringify(body)).not.toContain(HIDDEN)
  expect(toClientError(body)).toMatchObject({ code, error: message, data: data ?? {} })
}

async function take(events: AsyncIterator<NodeEvent>, count: number): Promise<readonly NodeEvent[]> {
  const taken: NodeEvent[] = []
  while (taken.length < count) {
    const { value, done } = await events.next()
    if (done === true) throw new Error('the stream ended early')
    taken.push(value)
  }
  return taken
}
