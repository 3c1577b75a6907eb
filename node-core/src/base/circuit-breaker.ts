/** Stops asking what keeps failing: closed, then open for a while, then half-open until one probe tells how it goes on. */

import { assertNever } from './assert-never.ts'
import type { Clock } from './clock.ts'

export type BreakerOptions = {
  /** Failures in a row that open it. */
  readonly maxFailures: number
  /** How long the first opening lasts; each failed probe doubles it. */
  readonly openMs: number
  readonly maxOpenMs: number
  /** A probe that has not reported by then is taken for lost, and another one may pass. */
  readonly probeMs: number
}

/** `round` counts the changes of kind and the probes, so that a report which comes late is told from one that counts. */
export type BreakerState =
  | { readonly kind: 'closed'; readonly round: number; readonly failures: number }
  | { readonly kind: 'open'; readonly round: number; readonly openings: number; readonly untilMs: number }
  | { readonly kind: 'halfOpen'; readonly round: number; readonly openings: number; readonly probeUntilMs: number }

/** The leave to ask once; whoever has one reports how it went. */
export type Pass = { readonly round: number }

export const CLOSED: BreakerState = { kind: 'closed', round: 0, failures: 0 }

/** @returns the state after somebody came, and whether they may pass. */
export function enter(
  state: BreakerState,
  nowMs: number,
  options: BreakerOptions,
): readonly [BreakerState, Pass | undefined] {
  switch (state.kind) {
    case 'closed':
      return [state, { round: state.round }]
    case 'open':
      return nowMs < state.untilMs ? [state, undefined] : letProbe(state, nowMs, options)
    case 'halfOpen':
      return nowMs < state.probeUntilMs ? [state, undefined] : letProbe(state, nowMs, options)
    default:
      return assertNever(state)
  }
}

/** A report from an earlier round changes nothing: it tells of a time that is over. */
export function report(
  state: BreakerState,
  pass: Pass,
  isSuccess: boolean,
  nowMs: number,
  options: BreakerOptions,
): BreakerState {
  if (pass.round !== state.round || state.kind === 'open') return state
  if (isSuccess) return { kind: 'closed', round: state.kind === 'closed' ? state.round : state.round + 1, failures: 0 }
  if (state.kind === 'closed') {
    const failures = state.failures + 1
    return failures < options.maxFailures ? { ...state, failures } : open(state.round, 1, nowMs, options)
  }
  return open(state.round, state.openings + 1, nowMs, options)
}

function letProbe(
  state: Extract<BreakerState, { openings: number }>,
  nowMs: number,
  { probeMs }: BreakerOptions,
): readonly [BreakerState, Pass] {
  const round = state.round + 1
  return [{ kind: 'halfOpen', round, openings: state.openings, probeUntilMs: nowMs + probeMs }, { round }]
}

function open(round: number, openings: number, nowMs: number, { openMs, maxOpenMs }: BreakerOptions): BreakerState {
  const lastsMs = Math.min(maxOpenMs, openMs * 2 ** Math.min(openings - 1, 30))
  return { kind: 'open', round: round + 1, openings, untilMs: nowMs + lastsMs }
}

export type CircuitBreaker = {
  /** @returns undefined when nothing may be asked now. */
  enter(): Pass | undefined
  report(pass: Pass, isSuccess: boolean): void
  /** True when `enter` would give a pass. */
  isPassable(): boolean
  state(): BreakerState
}

export function createCircuitBreaker(options: BreakerOptions, { clock }: { readonly clock: Clock }): CircuitBreaker {
  let state = CLOSED
  return {
    enter() {
      const [next, pass] = enter(state, clock.elapsedMs(), options)
      state = next
      return pass
    },
    report(pass, isSuccess) {
      state = report(state, pass, isSuccess, clock.elapsedMs(), options)
    },
    isPassable: () => enter(state, clock.elapsedMs(), options)[1] !== undefined,
    state: () => state,
  }
}
