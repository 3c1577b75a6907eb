/** What a client makes of the things that calls reject with. */

import { ORPCError } from '@orpc/contract'
import { describe, expect, it } from 'vitest'
import { toClientError } from './client-error.ts'

describe('client error', () => {
  const body = { ok: false, error: 'No such post.', code: 'POST_NOT_FOUND', data: { postId: '0x' }, trace_id: 'ab' }
  const restored = { code: 'POST_NOT_FOUND', error: 'No such post.', data: { postId: '0x' }, traceId: 'ab' }

  it('restores the error of an RPC door', () => {
    expect(toClientError(new ORPCError('POST_NOT_FOUND', { data: body }))).toEqual(restored)
  })

  it('restores the body of the HTTP door', () => {
    expect(toClientError(body)).toEqual(restored)
  })

  it('keeps code and data of an error that carries them itself', () => {
    const error = Object.assign(new Error('QUEUE_FULL'), { code: 'QUEUE_FULL', data: { waiting: 3 } })
    expect(toClientError(error)).toMatchObject({ code: 'QUEUE_FULL', data: { waiting: 3 }, traceId: null })
  })

  it('keeps the sentence and the trace id of a code that it does not know', () => {
    const error = toClientError({ ...body, code: 'FROM_THE_FUTURE', error: 'Something new.' })
    expect(error).toMatchObject({ code: 'INTERNAL', error: 'Something new.', traceId: 'ab' })
  })

  const closed = [
    new DOMException('gone', 'AbortError'),
    new Error('Cannot send message, WebSocket is not open.'),
    new TypeError('Failed to fetch'),
    new TypeError('fetch failed'),
  ]
  it.each(closed)('takes %s for a node that does not run', error => {
    expect(toClientError(error).code).toBe('NODE_NOT_RUNNING')
  })

  it('takes a timeout for one', () => {
    expect(toClientError(new DOMException('late', 'TimeoutError')).code).toBe('TIMEOUT')
  })

  it.each([new Error('a bug'), 'text', null, undefined, { code: 'ENOENT' }])('takes %s for unforeseen', error => {
    expect(toClientError(error).code).toBe('INTERNAL')
  })
})
