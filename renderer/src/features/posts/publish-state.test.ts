/** The steps of publishing. */

import { expect, test } from 'vitest'
import { IDLE, publishStep } from './publish-state.ts'

const sending = publishStep(IDLE, { type: 'chosen', fileName: 'a.txt', byteLength: 10 })

test('a chosen file is sent, then started', () => {
  const sent = publishStep(sending, { type: 'sent', bytes: 4 })
  expect(sent).toEqual({ kind: 'sending', fileName: 'a.txt', byteLength: 10, sent: 4 })
  expect(publishStep(sent, { type: 'started', jobId: 'j' })).toEqual({ kind: 'started', fileName: 'a.txt', jobId: 'j' })
})

test('a late answer to an upload that was put away changes nothing', () => {
  const idle = publishStep(sending, { type: 'dismissed' })
  expect(publishStep(idle, { type: 'started', jobId: 'j' })).toEqual(IDLE)
  expect(publishStep(idle, { type: 'sent', bytes: 3 })).toEqual(IDLE)
})

test('a refused file shows its reason, from any state', () => {
  const error = { code: 'EMPTY_FILE', data: {}, traceId: null } as const
  expect(publishStep(sending, { type: 'refused', fileName: 'b', error })).toEqual({
    kind: 'failed',
    fileName: 'b',
    error,
  })
})
