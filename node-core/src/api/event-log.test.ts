/** The event log: order, resuming, slow readers, and that nobody who left is still waited for. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../base/fake-clock.fixture.ts'
import type { NodeEvent } from '../contract/shapes.ts'
import { createEventLog, type EventLog } from './event-log.ts'

describe('event log', () => {
  it('numbers events from 1 and stamps them with the clock', () => {
    const clock = createFakeClock(1_000)
    const log = createEventLog({ capacity: 3 }, clock)
    expect(log.lastSeq()).toBe(0)
    expect(log.publish('head', '0xab', { number: 7 })).toEqual({
      seq: 1,
      at: '1970-01-01T00:00:01.000Z',
      topic: 'head',
      id: '0xab',
      data: { number: 7 },
    })
    expect(log.lastSeq()).toBe(1)
  })

  it('gives a reader without a place only what is published after it subscribed', async () => {
    const log = filled(10, 3)
    const reader = log.subscribe()
    log.publish('head', null)
    log.publish('head', null)
    expect(await seqs(reader, 2)).toEqual([4, 5])
  })

  it('resumes after the event a reader saw last', async () => {
    expect(await seqs(filled(10, 5).subscribe({ afterSeq: 3 }), 2)).toEqual([4, 5])
    expect(await seqs(filled(10, 5).subscribe({ afterSeq: 0 }), 5)).toEqual([1, 2, 3, 4, 5])
  })

  it('starts at the oldest kept event when the place of a reader is no longer kept', async () => {
    expect(await seqs(filled(3, 10).subscribe({ afterSeq: 2 }), 3)).toEqual([8, 9, 10])
  })

  it('starts at the oldest kept event when it never gave the number a reader names', async () => {
    expect(await seqs(filled(3, 5).subscribe({ afterSeq: 900 }), 3)).toEqual([3, 4, 5])
  })

  it('shows a reader that fell behind the gap in the numbers', async () => {
    const log = filled(3, 1)
    const reader = log.subscribe({ afterSeq: 0 })
    expect(await seqs(reader, 1)).toEqual([1])
    for (let i = 0; i < 5; i += 1) log.publish('head', null)
    expect(await seqs(reader, 3)).toEqual([4, 5, 6])
  })

  it('wakes every reader that waits', async () => {
    const log = createEventLog({ capacity: 3 })
    const waiting = [log.subscribe(), log.subscribe()].map(reader => reader.next())
    log.publish('job', 'a')
    expect((await Promise.all(waiting)).map(({ value }) => value?.seq)).toEqual([1, 1])
  })

  it('ends a reader that waits when its signal aborts, and one that is started with an aborted signal', async () => {
    const log = createEventLog({ capacity: 3 })
    const caller = new AbortController()
    const waiting = log.subscribe({ signal: caller.signal }).next()
    caller.abort()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(await log.subscribe({ signal: caller.signal }).next()).toEqual({ done: true, value: undefined })
  })

  it('ends a reader that waits when it returns', async () => {
    const reader = createEventLog({ capacity: 3 }).subscribe()
    const waiting = reader.next()
    await reader.return()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(await reader.next()).toEqual({ done: true, value: undefined })
  })

  it('refuses a capacity that keeps nothing', () => {
    expect(() => createEventLog({ capacity: 0 })).toThrow(RangeError)
  })

  it('gives every reader rising numbers up to the newest, whatever the pace', async () => {
    const steps = fc.array(fc.oneof(fc.constant('publish'), fc.constant('read')), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), steps, async (capacity, order) => {
        const log = createEventLog({ capacity })
        const reader = log.subscribe({ afterSeq: 0 })
        const seen = [0]
        for (const step of order) {
          if (step === 'publish') log.publish('head', null)
          else if ((seen.at(-1) ?? 0) < log.lastSeq()) seen.push(...(await seqs(reader, 1)))
        }
        while ((seen.at(-1) ?? 0) < log.lastSeq()) seen.push(...(await seqs(reader, 1)))
        await reader.return()
        for (const [index, seq] of seen.slice(1).entries()) expect(seq).toBeGreaterThan(seen[index] ?? 0)
        expect(seen.at(-1)).toBe(log.lastSeq())
      }),
    )
  })
})

function filled(capacity: number, published: number): EventLog {
  const log = createEventLog({ capacity })
  for (let i = 0; i < published; i += 1) log.publish('head', null)
  return log
}

async function seqs(reader: AsyncIterator<NodeEvent>, count: number): Promise<readonly number[]> {
  const taken: number[] = []
  while (taken.length < count) {
    const { value, done } = await reader.next()
    if (done === true) throw new Error('the reader ended early')
    taken.push(value.seq)
  }
  return taken
}
