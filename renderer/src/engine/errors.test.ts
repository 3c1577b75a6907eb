/** Reading what a call threw. */

import { ORPCError } from '@orpc/client'
import { expect, test } from 'vitest'
import { ConnectionLost } from './connection.ts'
import { readError } from './errors.ts'

test('an error of the node gives its code, its own data and its trace id', () => {
  const body = { ok: false, error: '…', code: 'FILE_TOO_LARGE', data: { maxBytes: 5 }, trace_id: 'abc' }
  expect(readError(new ORPCError('FILE_TOO_LARGE', { data: body }))).toEqual({
    code: 'FILE_TOO_LARGE',
    data: { maxBytes: 5 },
    traceId: 'abc',
  })
})

test('codes of the library and unknown codes have a text too', () => {
  expect(readError(new ORPCError('BAD_REQUEST')).code).toBe('VALIDATION_ERROR')
  expect(readError(new ORPCError('SOMETHING_NEW')).code).toBe('UNKNOWN')
  expect(readError(new ConnectionLost('x')).code).toBe('CONNECTION_LOST')
  expect(readError('a string')).toEqual({ code: 'UNKNOWN', data: {}, traceId: null })
})
