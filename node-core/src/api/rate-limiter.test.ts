/** The token bucket: the burst, the refill, and a clock that is set back. */

import { describe, expect, it } from 'vitest'
import { createRateLimiter } from './rate-limiter.ts'

describe('rate limiter', () => {
  function createAt(startMs: number) {
    const time = { nowMs: startMs }
    const clock = { now: () => time.nowMs, sleep: async () => undefined }
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
    return { time, limiter, taken }
  }

  it('gives the burst at once and then the rate', () => {
    const { time, taken } = createAt(0)
    expect(taken(10)).toBe(3)
    time.nowMs += 100
    expect(taken(10)).toBe(1)
    time.nowMs += 60_000
    expect(taken(10)).toBe(3)
  })

  it('says how long to wait', () => {
    const { limiter, taken } = createAt(0)
    taken(3)
    expect(() => limiter.take()).toThrow(expect.objectContaining({ code: 'RATE_LIMITED', data: { retryAfterMs: 100 } }))
  })

  it('neither drains nor fills when the clock is set back', () => {
    const { time, taken } = createAt(1_000_000)
    expect(taken(1)).toBe(1)
    time.nowMs = 0
    expect(taken(10)).toBe(2)
    time.nowMs += 100
    expect(taken(10)).toBe(1)
  })
})
