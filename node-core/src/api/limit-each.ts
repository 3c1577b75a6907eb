/** A rate limit for each of many: so much memory and no more. */

import { type Clock, systemClock } from '../base/clock.ts'
import { createRateLimiter, type RateLimit, type RateLimiter } from './rate-limiter.ts'

/** @param maxKeys who was away longest is forgotten first, and begins with the whole burst when it comes back. */
export function limitEach<K>(rate: RateLimit, maxKeys: number, clock: Clock = systemClock) {
  const limiters = new Map<K, RateLimiter>()
  return {
    /** @throws AppError RATE_LIMITED {retryAfterMs} */
    take(key: K): void {
      const limiter = limiters.get(key) ?? createRateLimiter(rate, clock)
      limiters.delete(key) // the map keeps the order in which they came last
      limiters.set(key, limiter)
      const [oldest] = limiters.keys()
      if (limiters.size > maxKeys && oldest !== undefined) limiters.delete(oldest)
      limiter.take()
    },
  }
}
