/** A token bucket: so many takes a second, with a burst; constant memory. */

import { AppError } from '../base/app-error.ts'
import { type Clock, systemClock } from '../base/clock.ts'

export type RateLimit = { readonly perSecond: number; readonly burst: number }
export type RateLimiter = {
  /** @throws AppError RATE_LIMITED when the bucket is empty. */
  take(): void
}

export function createRateLimiter({ perSecond, burst }: RateLimit, clock: Clock = systemClock): RateLimiter {
  let tokens = burst
  let refilledAtMs = clock.elapsedMs()
  return {
    take() {
      const nowMs = clock.elapsedMs()
      tokens = Math.min(burst, tokens + ((nowMs - refilledAtMs) / 1000) * perSecond)
      refilledAtMs = nowMs
      if (tokens < 1) throw new AppError('RATE_LIMITED', { retryAfterMs: Math.ceil(((1 - tokens) / perSecond) * 1000) })
      tokens -= 1
    },
  }
}
