import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BreakerState, createCircuitBreaker, enter, type Pass, report } from './circuit-breaker.ts'
import { createFakeClock } from './fake-clock.fixture.ts'

const options = { maxFailures: 3, openMs: 100, maxOpenMs: 350, probeMs: 50 } as const
const closed = (failures: number): BreakerState => ({ kind: 'closed', round: 4, failures })
const open: BreakerState = { kind: 'open', round: 5, openings: 2, untilMs: 1_000 }
const halfOpen: BreakerState = { kind: 'halfOpen', round: 6, openings: 2, probeUntilMs: 1_000 }

test.each<[string, BreakerState, number, BreakerState['kind'], number | undefined]>([
  ['closed lets everybody pass', closed(2), 0, 'closed', 4],
  ['open lets nobody pass before its time', open, 999, 'open', undefined],
  ['open lets a probe pass from then on', open, 1_000, 'halfOpen', 6],
  ['half-open lets nobody pass beside the probe', halfOpen, 999, 'halfOpen', undefined],
  ['half-open lets another probe pass when the first is lost', halfOpen, 1_000, 'halfOpen', 7],
])('%s', (_, state, nowMs, kind, round) => {
  const [next, pass] = enter(state, nowMs, options)
  expect(next.kind).toBe(kind)
  expect(pass?.round).toBe(round)
})

test.each<[string, BreakerState, number, boolean, BreakerState]>([
  ['a success forgets the failures before it', closed(2), 4, true, closed(0)],
  ['a failure below the limit is counted', closed(1), 4, false, closed(2)],
  ['the last failure opens it', closed(2), 4, false, { kind: 'open', round: 5, openings: 1, untilMs: 600 }],
  ['the probe closes it', halfOpen, 6, true, { kind: 'closed', round: 7, failures: 0 }],
  ['a failed probe opens it for longer', halfOpen, 6, false, { kind: 'open', round: 7, openings: 3, untilMs: 850 }],
  ['a late success does not close it', open, 4, true, open],
  ['a late failure does not prolong it', open, 4, false, open],
  ['a late success is not the probe', halfOpen, 5, true, halfOpen],
  ['a late failure is not the probe', halfOpen, 5, false, halfOpen],
])('%s', (_, state, round, isSuccess, next) => {
  expect(report(state, { round }, isSuccess, 500, options)).toEqual(next)
})

test('whatever happens, half-open has one probe at a time and no opening outlasts the limit', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('wait'), ms: fc.nat({ max: 400 }) }),
    fc.constant({ kind: 'enter' }),
    fc.record({ kind: fc.constant('report'), which: fc.nat({ max: 20 }), isSuccess: fc.boolean() }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), steps => {
      const clock = createFakeClock(0)
      const breaker = createCircuitBreaker(options, { clock })
      const passes: Pass[] = []
      let probeMs = Number.NEGATIVE_INFINITY
      for (const each of steps) {
        const before = breaker.state()
        if ('ms' in each) clock.advance(each.ms)
        else if ('which' in each) {
          const [pass] = passes.splice(each.which, 1)
          if (pass !== undefined) breaker.report(pass, each.isSuccess)
        } else {
          const isPassable = breaker.isPassable()
          const pass = breaker.enter()
          expect(pass !== undefined).toBe(isPassable)
          if (pass === undefined) continue
          passes.push(pass)
          if (before.kind === 'closed') continue
          if (before.kind === 'halfOpen') expect(clock.now() - probeMs).toBeGreaterThanOrEqual(options.probeMs)
          probeMs = clock.now()
        }
        const after = breaker.state()
        if (after.kind === 'open') expect(after.untilMs - clock.now()).toBeLessThanOrEqual(options.maxOpenMs)
        expect(after.round).toBeGreaterThanOrEqual(before.round)
      }
      clock.advance(options.maxOpenMs)
      expect(breaker.isPassable()).toBe(true)
    }),
  )
})

test('it recovers through one probe', () => {
  const clock = createFakeClock()
  const breaker = createCircuitBreaker(options, { clock })
  const fail = () => {
    const pass = breaker.enter()
    if (pass !== undefined) breaker.report(pass, false)
    return pass !== undefined
  }
  expect([fail(), fail(), fail(), fail()]).toEqual([true, true, true, false])
  clock.advance(100)
  const probe = breaker.enter()
  expect(probe).toBeDefined()
  expect(breaker.enter()).toBeUndefined()
  if (probe !== undefined) breaker.report(probe, true)
  expect(breaker.state()).toMatchObject({ kind: 'closed', failures: 0 })
})
