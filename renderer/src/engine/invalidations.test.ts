/** From events to the questions that are asked again. */

import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createInvalidator, pathsMadeOldBy, type QueryPath } from './invalidations.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const TOPICS = ['head', 'post', 'challenge', 'proof', 'operator', 'job', 'demo', 'reorg', 'alert'] as const

describe('pathsMadeOldBy', () => {
  test.each(TOPICS)('a %s event makes something old', topic => {
    expect(pathsMadeOldBy(topic).length).toBeGreaterThan(0)
  })

  test('a reorganisation makes old all that hangs on the chain', () => {
    expect(pathsMadeOldBy('reorg').map(([group]) => group)).toEqual(
      expect.arrayContaining(['posts', 'challenges', 'proofs', 'operators', 'node']),
    )
  })
})

describe('createInvalidator', () => {
  test('a burst of events asks once for each path', () => {
    const asked: QueryPath[] = []
    const invalidator = createInvalidator(path => asked.push(path), 100)
    for (let event = 0; event < 50; event += 1) invalidator.add('head')
    invalidator.add('proof')
    expect(asked).toEqual([])
    vi.advanceTimersByTime(100)
    const names = asked.map(path => path.join('.'))
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(expect.arrayContaining(['node.overview', 'proofs']))
  })

  test('events after a flush are flushed again', () => {
    let flushes = 0
    const invalidator = createInvalidator(() => (flushes += 1), 100)
    invalidator.add('job')
    vi.advanceTimersByTime(100)
    const first = flushes
    invalidator.add('job')
    vi.advanceTimersByTime(100)
    expect(flushes).toBe(2 * first)
  })

  test('nothing is asked after stop', () => {
    let flushes = 0
    const invalidator = createInvalidator(() => (flushes += 1), 100)
    invalidator.add('job')
    invalidator.stop()
    vi.advanceTimersByTime(1_000)
    expect(flushes).toBe(0)
  })

  test('a group path reaches the queries of all its methods, and no other group', async () => {
    const client = new QueryClient()
    // The form that @orpc/tanstack-query gives to keys.
    client.setQueryData([['posts', 'list'], { type: 'query', input: {} }], 1)
    client.setQueryData([['proofs', 'list'], { type: 'query' }], 1)
    await client.invalidateQueries({ queryKey: [['posts']] })
    expect(client.getQueryState([['posts', 'list'], { type: 'query', input: {} }])?.isInvalidated).toBe(true)
    expect(client.getQueryState([['proofs', 'list'], { type: 'query' }])?.isInvalidated).toBe(false)
  })
})
