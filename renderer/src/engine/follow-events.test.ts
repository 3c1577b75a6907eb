/** Reading the event stream over interruptions. */

import type { NodeEvent } from '@emerald/node-core/contract/shapes.ts'
import { expect, test } from 'vitest'
import { type EventSource, followEvents } from './follow-events.ts'

const event = (seq: number): NodeEvent => ({ seq, at: '2026-01-01T00:00:00.000Z', topic: 'head', id: null, data: {} })

/** Plays one list of events after the other, then stops the reader. */
async function play(streams: readonly { startedAt: string; seqs: readonly number[] | Error }[]) {
  const stopping = new AbortController()
  const asked: (number | undefined)[] = []
  const seen: number[] = []
  const pauses: number[] = []
  let gaps = 0
  let turn = 0
  const source: EventSource = {
    startedAt: async () => streams[turn]?.startedAt ?? '',
    events: async afterSeq => {
      asked.push(afterSeq)
      const seqs = streams[turn]?.seqs ?? []
      turn += 1
      if (seqs instanceof Error) throw seqs
      return (async function* () {
        for (const seq of seqs) yield event(seq)
      })()
    },
  }
  await followEvents(
    source,
    {
      onGap: () => {
        gaps += 1
      },
      onEvent: ({ seq }) => void seen.push(seq),
      pause: async failures => {
        pauses.push(failures)
        if (turn === streams.length) stopping.abort()
      },
    },
    stopping.signal,
  )
  return { asked, seen, pauses, gaps }
}

test('a stream that ends is opened again after the last event seen', async () => {
  const { asked, seen } = await play([
    { startedAt: 'a', seqs: [1, 2] },
    { startedAt: 'a', seqs: [3] },
  ])
  expect(asked).toEqual([undefined, 2])
  expect(seen).toEqual([1, 2, 3])
})

test('after a restart of the node its numbers begin anew', async () => {
  const { asked } = await play([
    { startedAt: 'a', seqs: [7] },
    { startedAt: 'b', seqs: [1] },
  ])
  expect(asked).toEqual([undefined, undefined])
})

test('a missing number counts as a gap, like every opening', async () => {
  expect((await play([{ startedAt: 'a', seqs: [1, 2, 3] }])).gaps).toBe(1)
  expect((await play([{ startedAt: 'a', seqs: [1, 5] }])).gaps).toBe(2)
})

test('pauses grow while it keeps failing and shrink after an event', async () => {
  const failure = { startedAt: 'a', seqs: new Error('cut') }
  const { pauses } = await play([failure, failure, { startedAt: 'a', seqs: [1] }])
  expect(pauses).toEqual([1, 2, 1])
})
