import { expect, test } from 'vitest'
import { createFakeClock } from '../base/fake-clock.fixture.ts'
import { limitEach } from './limit-each.ts'

const isLimited = (take: () => void): boolean => {
  try {
    take()
    return false
  } catch {
    return true
  }
}

test('each has a bucket of its own', () => {
  const limiter = limitEach<string>({ perSecond: 1, burst: 2 }, 10, createFakeClock())
  const taken = ['a', 'a', 'a', 'b', 'b', 'b'].map(key => isLimited(() => limiter.take(key)))
  expect(taken).toEqual([false, false, true, false, false, true])
})

test('who was away longest is forgotten, and nobody else', () => {
  const limiter = limitEach<string>({ perSecond: 1, burst: 1 }, 2, createFakeClock())
  for (const key of ['a', 'b']) limiter.take(key)
  expect(isLimited(() => limiter.take('a'))).toBe(true)
  limiter.take('c')
  expect(isLimited(() => limiter.take('a'))).toBe(true)
  expect(isLimited(() => limiter.take('b'))).toBe(false)
})
