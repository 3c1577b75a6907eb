/** The token bucket: the burst, the refill, and a clock that is set back. */

import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../base/fake-clock.fixture.ts'
import { createRateLimiter } from './rate-limiter.ts'

describe('rate limiter', () => {
  function createAt(startMs: number) {
    const clock = createFakeClock(startMs)
    const limiter = createRateLimiter({ perSecond: 10, burst: 3 }, clock)
    const taken = (tries: number) => {
      let count = 0
      for (let i = 0; i < tries; i += 1) {
        try {
          limiter.take()
          count += 1
        } catch {}
      }
      return count
    }
    return { clock, limiter, taken }
  }

  it('gives the burst at once and then the rate', () => {
    const { clock, taken } = createAt(0)
    expect(taken(10)).toBe(3)
    clock.advance(100)
    expect(taken(10)).toBe(1)
    clock.advance(60_000)
    expect(taken(10)).toBe(3)
  })

  it('says how long to wait', () => {
    const { limiter, taken } = createAt(0)
    taken(3)
    expect(() => limiter.take()).toThrow(expect.objectContaining({ code: 'RATE_LIMITED', data: { retryAfterMs: 100 } }))
  })

  it('neither drains nor fills when the clock is set back', () => {
    const { clock, taken } = createAt(1_000_000)
    expect(taken(1)).toBe(1)
    clock.setBack(1_000_000)
    expect(taken(10)).toBe(2)
    clock.advance(100)
    expect(taken(10)).toBe(1)
  })
})
