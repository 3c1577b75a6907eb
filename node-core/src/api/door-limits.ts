/** The bounds that every door keeps, whatever a client sends. */

import type { RateLimit } from './rate-limiter.ts'

export type DoorLimits = {
  /** Bytes of one request body or one RPC frame. */
  readonly maxBodyBytes: number
  readonly maxConnections: number
  /** Calls and open event streams of one connection at a time. */
  readonly maxCallsInFlight: number
  readonly rate: RateLimit
  readonly headersTimeoutMs: number
  readonly requestTimeoutMs: number
  /** How long a probe's callback may take. */
  readonly probeTimeoutMs: number
  /** How long requests under way may still take when the door closes. */
  readonly closeGraceMs: number
}

/** Guesses, except the body: an upload part of 1 MiB is 1.4 MB of base64. The rest is generous for one person's UI. */
export const DEFAULT_DOOR_LIMITS: DoorLimits = {
  maxBodyBytes: 2 * 1024 * 1024,
  maxConnections: 256,
  maxCallsInFlight: 256,
  rate: { perSecond: 500, burst: 1000 },
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  probeTimeoutMs: 5_000,
  closeGraceMs: 500,
}
