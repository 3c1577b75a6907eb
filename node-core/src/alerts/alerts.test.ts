import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeClock, type FakeClock } from '../base/fake-clock.fixture.ts'
import { applyEvent } from '../chain/apply-events.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { blockAt, eventOf, hashOf } from '../domain/events.fixture.ts'
import { MAX_ALERTS, type NewAlert } from '../store/alerts-table.ts'
import { openStore, type Store } from '../store/store.ts'
import { nullLog } from '../telemetry/log.ts'
import { type Alerts, createAlerts } from './alerts.ts'

let store: Store
let clock: FakeClock
let alerts: Alerts
/** What was published, in order. */
let told: string[]
/** What was logged, in order. */
let logged: string[]

beforeEach(() => {
  store = openStore(':memory:')
  clock = createFakeClock()
  told = []
  logged = []
  const note = (event: string, fields?: object): void => void logged.push(`${event} ${JSON.stringify(fields)}`)
  alerts = createAlerts({
    table: store.alerts,
    clock,
    log: { ...nullLog, info: note, warn: note, error: note },
    publish: (_, subject, { code, state }) => void told.push(`${code} ${subject} ${state}`),
  })
})
afterEach(() => store[Symbol.dispose]())

const damage = (subject: string): NewAlert => ({ code: 'STORAGE_CORRUPT', severity: 'warning', subject, data: {} })
const deadline = (severity: NewAlert['severity'], data: NewAlert['data'] = {}): NewAlert => ({
  ...{ code: 'DEADLINE_NEAR', severity, subject: 'c', data },
})
const open = () => store.alerts.page('open', null, 100).map(each => each.alert)

test('the same cause counts up instead of standing there twice, and is logged once', () => {
  alerts.raise(damage('a'))
  clock.advance(1_000)
  alerts.raise(damage('a'))
  alerts.raise(damage('b'))
  expect(open().map(({ subject, count }) => [subject, count])).toEqual([
    ['b', 1],
    ['a', 2],
  ])
  expect(open()[1]).toMatchObject({ raisedAtMs: clock.now() - 1_000, lastSeenAtMs: clock.now() })
  expect(logged.filter(line => line.includes('"subject":"a"'))).toHaveLength(1)
})

test('what got worse must be acknowledged again, keeps what was known of it, and comes before the milder', () => {
  const { id } = alerts.raise(deadline('notice', { noticeAt: 'then', blocksLeft: 9 }))
  alerts.raise(damage('a'))
  alerts.acknowledge(id)
  expect(store.alerts.get(id)).toMatchObject({ acknowledgedAtMs: clock.now(), resolvedAtMs: null })
  alerts.raise(deadline('notice', {}))
  expect(store.alerts.get(id)?.acknowledgedAtMs).toBe(clock.now())
  alerts.raise(deadline('critical', { blocksLeft: 2 }))
  expect(open()[0]).toMatchObject({ id, severity: 'critical', acknowledgedAtMs: null })
  expect(open()[0]?.data).toEqual({ noticeAt: 'then', blocksLeft: 2 })
})

test('a cause that ended and comes back is a new alert', () => {
  alerts.raise(damage('a'))
  alerts.resolve('STORAGE_CORRUPT', 'a')
  alerts.resolve('STORAGE_CORRUPT', 'a')
  expect(open()).toEqual([])
  alerts.raise(damage('a'))
  expect(store.alerts.ofSubject('a').map(each => each.count)).toEqual([1, 1])
  expect(told).toEqual(['STORAGE_CORRUPT a raised', 'STORAGE_CORRUPT a resolved', 'STORAGE_CORRUPT a raised'])
})

test('what is past is over once it is acknowledged; what lasts stays open', () => {
  const lasts = alerts.raise(damage('a'))
  const past = alerts.raise({ code: 'PROOF_REJECTED', severity: 'critical', subject: 'p', data: {} })
  for (const { id } of [lasts, past]) alerts.acknowledge(id)
  expect(open().map(each => each.id)).toEqual([lasts.id])
  const at = clock.now()
  clock.advance(1)
  expect(alerts.acknowledge(lasts.id)?.acknowledgedAtMs).toBe(at)
  expect(alerts.acknowledge(99)).toBeUndefined()
})

test('when there are too many the oldest that are over go first', () => {
  for (const subject of ['old', 'older']) alerts.raise(damage(subject))
  alerts.resolve('STORAGE_CORRUPT', 'older')
  for (let at = 1; at < MAX_ALERTS; at += 1) store.alerts.raise(damage(`x${at}`), 1)
  expect(store.alerts.total('all')).toBe(MAX_ALERTS)
  expect(store.alerts.ofSubject('older')).toEqual([])
  expect(store.alerts.ofSubject('old')).toHaveLength(1)
})

test('however many are open, another can be raised, and none of them goes', () => {
  const critical = (subject: string) => ({ ...damage(subject), severity: 'critical' as const })
  for (let at = 0; at <= MAX_ALERTS; at += 1) store.alerts.raise(critical(`x${at}`), 1)
  expect(store.alerts.raise(damage('less urgent'), 2)).toMatchObject({ subject: 'less urgent' })
  expect(store.alerts.total('open')).toBe(MAX_ALERTS + 2)
})

test('pages show every alert once, open ones first', () => {
  for (const subject of ['a', 'b', 'c', 'd']) alerts.raise(damage(subject))
  alerts.raise(deadline('critical'))
  alerts.resolve('STORAGE_CORRUPT', 'c')
  const first = store.alerts.page('all', null, 3)
  const rest = store.alerts.page('all', first.at(-1)?.cursor ?? null, 3)
  expect([...first, ...rest].map(each => each.alert.subject)).toEqual(['c', 'd', 'b', 'a', 'c'])
  expect(store.alerts.openCounts()).toEqual({ critical: 1, warning: 3 })
})

function put(number: number, events: readonly ChainEvent[]): void {
  store.blocks.insert(blockAt(number), true)
  for (const [logIndex, event] of events.entries())
    applyEvent(store, { ...event, logIndex }, blockAt(number), digest => digest)
}

test('an alert about a challenge is overtaken by its proof, by another seed, and by a reorg that takes it away', () => {
  put(1, [eventOf('operatorJoined'), eventOf('postRegistered'), eventOf('postAttested')])
  put(26, [eventOf('seedFinalised')])
  const [challenge] = store.challenges.unanswered(1)
  const { postId, epoch, operator, salt } = challenge ?? { postId: '', epoch: 0, operator: 0, salt: '' }
  alerts.raise(deadline('notice', { postId, epoch, operator, salt }))
  expect(store.alerts.overtaken('DEADLINE_NEAR')).toEqual([])
  put(27, [eventOf('proofAccepted')])
  expect(store.alerts.overtaken('DEADLINE_NEAR')).toHaveLength(1)
  store.blocks.remove(blockAt(27).hash)
  expect(store.alerts.overtaken('DEADLINE_NEAR')).toEqual([])
  store.blocks.remove(blockAt(26).hash)
  expect(store.alerts.overtaken('DEADLINE_NEAR')).toHaveLength(1)
  put(28, [eventOf('seedFinalised', { seed: hashOf(0x5eee) })])
  expect(store.alerts.overtaken('DEADLINE_NEAR')).toHaveLength(1)
})
