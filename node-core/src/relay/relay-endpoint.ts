/** One relay of another node: how it is doing, and what it was told when. */

import { type BreakerState, createCircuitBreaker } from '../base/circuit-breaker.ts'
import type { Clock } from '../base/clock.ts'
import { createSlots } from '../base/slots.ts'
import type { SignedAttestation } from '../store/signed-attestations-table.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { postAttestation, type RelayAnswer } from './post-attestation.ts'

export type RelayEndpointOptions = {
  readonly url: string
  /** For one attempt. */
  readonly timeoutMs: number
}
type Deps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Aborts when the node stops. */
  readonly stopping: AbortSignal
}
/** `closed`: it failed too often to be asked now. */
export type SendResult = RelayAnswer | { readonly kind: 'closed' }
type Lasting = Extract<RelayAnswer, { readonly kind: 'taken' | 'refused' }>
type Told = { readonly atBlock: number; readonly answer: Lasting }
export type RelayEndpoint = ReturnType<typeof createRelayEndpoint>
export type RelayState = {
  readonly host: string
  readonly breaker: BreakerState['kind']
  /** Attestations on their way to it. */
  readonly underWay: number
}

const ATTEMPTS_PER_HEAD = 2
const RETRY_MS = 500
/** Open for less than a relay waits for the last ones: it may be well again before. */
const BREAKER = { maxFailures: 3, openMs: 500, maxOpenMs: 5_000 } as const
/** A relay takes hundreds of connections from all operators together. A guess. */
const MAX_REQUESTS = 8
/** With those that wait for their turn. A guess: more than the attesting duties that run at once have, with all operators that a node can have. */
export const MAX_UNDER_WAY = 2_048
/**
 * Blocks until the same attestation is sent again: a relay may lose what it took, and come to see why it refused. Fewer than a relay waits
 * for the last ones once it has a quorum, so that nobody is left out whose attestation was lost on the way.
 */
const RESEND_BLOCKS = { taken: 3, refused: 2 } as const
const MAX_REMEMBERED = 10_000

export function createRelayEndpoint({ url, timeoutMs }: RelayEndpointOptions, deps: Deps) {
  const { clock, log, metrics, stopping } = deps
  const { host } = new URL(url)
  const breaker = createCircuitBreaker({ ...BREAKER, probeMs: 2 * timeoutMs }, { clock })
  const inSlot = createSlots(MAX_REQUESTS)
  const told = new Map<string, Told>()
  const underWay = new Map<string, Promise<SendResult>>()
  let busyUntilMs = 0

  /** What the relay said to it not long ago, so that it need not be asked again. */
  function recentAnswer(key: string, head: number): Lasting | undefined {
    const last = told.get(key)
    if (last === undefined) return undefined
    const blocks = head - last.atBlock // below zero when the chain is shorter than it was
    return blocks >= 0 && blocks < RESEND_BLOCKS[last.answer.kind] ? last.answer : undefined
  }

  function remember(key: string, last: Told): void {
    told.delete(key)
    told.set(key, last)
    const [oldest] = told.keys()
    if (told.size > MAX_REMEMBERED && oldest !== undefined) told.delete(oldest)
  }

  async function attempt(attestation: SignedAttestation): Promise<SendResult> {
    const waitMs = busyUntilMs - clock.elapsedMs()
    if (waitMs > 0) return { kind: 'busy', retryAfterMs: waitMs }
    const pass = breaker.enter()
    if (pass === undefined) return { kind: 'closed' }
    const answer = await postAttestation(url, attestation, AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]))
    breaker.report(pass, answer.kind !== 'failed')
    if (answer.kind === 'busy') busyUntilMs = clock.elapsedMs() + answer.retryAfterMs
    metrics.count('emerald_relay_sends_total', { relay: host, outcome: outcomeOf(answer) })
    log.debug('attestation_sent', {
      relay: host,
      postId: attestation.postId,
      operator: attestation.operator,
      ...answer,
    })
    return answer
  }

  async function attempts(attestation: SignedAttestation): Promise<SendResult> {
    for (let attempted = 1; ; attempted += 1) {
      const result = await attempt(attestation)
      if (result.kind !== 'failed' || attempted === ATTEMPTS_PER_HEAD || stopping.aborted) return result
      await clock.sleep(RETRY_MS * (0.5 + Math.random()), stopping).catch(() => undefined) // the next attempt ends at once
    }
  }

  async function sendNow(key: string, attestation: SignedAttestation, head: number): Promise<SendResult> {
    const result = await inSlot(() => attempts(attestation))
    if (result.kind === 'taken' || result.kind === 'refused') remember(key, { atBlock: head, answer: result })
    return result
  }

  return {
    host,
    /** The same is never under way twice: a later head waits for what an earlier one began. @param head number of the newest block. */
    async send(attestation: SignedAttestation, head: number): Promise<SendResult> {
      const { postId, operator, stakeEpoch, deadlineSeconds } = attestation
      const key = `${postId}:${operator}:${stakeEpoch}:${deadlineSeconds}`
      const known = recentAnswer(key, head) ?? underWay.get(key)
      if (known !== undefined) return known
      if (underWay.size >= MAX_UNDER_WAY) return { kind: 'busy', retryAfterMs: timeoutMs }
      const sending = sendNow(key, attestation, head).finally(() => underWay.delete(key))
      underWay.set(key, sending)
      return sending
    },
    state: (): RelayState => ({ host, breaker: breaker.state().kind, underWay: underWay.size }),
  }
}

const outcomeOf = (answer: RelayAnswer): string => (answer.kind === 'taken' ? answer.state : answer.kind)
