import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Alerts, createAlerts } from '../alerts/alerts.ts'
import { createFakeClock } from '../base/fake-clock.fixture.ts'
import { applyEvent } from '../chain/apply-events.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { challengeIdOf } from '../domain/challenge.ts'
import { addressOf, blockAt, eventOf, hashOf } from '../domain/events.fixture.ts'
import type { Signer } from '../keys/signer.ts'
import { openStore, type Store } from '../store/store.ts'
import { nullLog } from '../telemetry/log.ts'
import { createOwnOperators } from './own-operators.ts'
import { createDeadlineWatch, type Missed } from './watch-deadlines.ts'

const postId = hashOf(0xa0)
const own = challengeIdOf({ postId, epoch: 1, operator: 0 })

let store: Store
let alerts: Alerts
let watch: ReturnType<typeof createDeadlineWatch>
/** Alerts in the order in which they were told. */
let told: string[]
/** Misses that were counted. */
let counted: number
/** Evidence that was asked for. */
let kept: string[]

/** Operator 0 is this node's; the challenge is open from block 127 to block 141. */
beforeEach(() => {
  store = openStore(':memory:')
  ;[told, kept, counted] = [[], [], 0]
  const clock = createFakeClock()
  alerts = createAlerts({
    table: store.alerts,
    clock,
    log: nullLog,
    publish: (_, subject, { code, severity, state }) =>
      void told.push(`${code} ${severity ?? ''} ${state} ${subject === own ? 'own' : subject}`),
  })
  watch = newWatch()
  put(90, [
    eventOf('operatorJoined', { signer: addressOf(50) }),
    eventOf('operatorJoined', { operator: 1, signer: addressOf(51) }),
  ])
  put(101, [eventOf('postRegistered'), eventOf('postAttested', { attesters: 0b11n })])
  seed()
})
afterEach(() => store[Symbol.dispose]())

function newWatch(used: Store = store) {
  const key = { address: addressOf(50) } as Signer // signs nothing here
  return createDeadlineWatch({
    store: used,
    operators: createOwnOperators([key], store.operators),
    alerts,
    metrics: { count: name => void (name === 'emerald_missed_challenges_total' && counted++) },
    now: () => 1_800_000_000_000,
    keepEvidence: (missed: Missed, isReported) => void kept.push(`${challengeIdOf(missed) === own} ${isReported}`),
  })
}

function put(number: number, events: readonly ChainEvent[], branch = 0): void {
  store.blocks.insert(blockAt(number, branch), true)
  for (const [logIndex, event] of events.entries())
    applyEvent(store, { ...event, logIndex }, blockAt(number, branch), digest => digest)
}
const undo = (number: number): void => store.blocks.remove(blockAt(number).hash)
const seed = (): void => put(127, [eventOf('seedFinalised', { epoch: 1, seedBlock: 126, closesAtBlock: 141 })])

function atHeads(from: number, to = from): string[] {
  told = []
  for (let number = from; number <= to; number += 1) watch.onHead(blockAt(number))
  return told
}

test('each step is told once, whatever the number of heads, and again by nobody after a restart', () => {
  expect(atHeads(128, 133)).toEqual([])
  expect(atHeads(134, 140)).toEqual([
    'DEADLINE_NEAR notice raised own',
    'DEADLINE_NEAR warning raised own',
    'DEADLINE_NEAR critical raised own',
  ])
  watch = newWatch()
  expect(atHeads(140)).toEqual([])
  expect(store.alerts.latest('DEADLINE_NEAR', own)?.data).toMatchObject({
    ...{ noticeBlock: 134, warningBlock: 138, criticalBlock: 140, blocksLeft: 1 },
    ...{ challengeId: own, postId, operator: 0 },
  })
})

test('it says about how many seconds are left, once there is a pace to reckon with', () => {
  store.blocks.insert({ ...blockAt(134), timestamp: blockAt(133).timestamp }, false)
  store.blocks.insert({ ...blockAt(135), timestamp: blockAt(133).timestamp + 12 }, false)
  atHeads(135)
  expect(store.alerts.latest('DEADLINE_NEAR', own)?.data).toMatchObject({ blocksLeft: 6, secondsLeft: 72 })
})

test('a head that skips steps tells only where it stands', () => {
  expect(atHeads(139)).toEqual(['DEADLINE_NEAR warning raised own'])
})

test('a deadline that is near is resolved by the proof, and raised anew when a reorg takes that back', () => {
  atHeads(134)
  put(135, [eventOf('proofAccepted')])
  expect(atHeads(135)).toEqual(['DEADLINE_NEAR  resolved own'])
  undo(135)
  expect(atHeads(135)).toEqual(['DEADLINE_NEAR notice raised own'])
  expect(store.alerts.ofSubject(own)).toHaveLength(2)
})

test('a pause that moves the deadline tells nothing new', () => {
  expect(atHeads(138)).toEqual(['DEADLINE_NEAR warning raised own'])
  put(139, [eventOf('pauseStarted', { epoch: 1, untilBlock: 160, closesAtBlock: 200, reportsCloseAtBlock: 220 })])
  expect(atHeads(139, 160)).toEqual([])
})

test('a deadline that passes is a miss: told and counted once, with evidence until it is kept', () => {
  atHeads(134)
  expect(atHeads(141)).toEqual(['DEADLINE_NEAR  resolved own', 'CHALLENGE_MISSED critical raised own'])
  expect(atHeads(142, 143)).toEqual([])
  expect([kept, counted]).toEqual([['true false', 'true false', 'true false'], 1])
  keep(false)
  expect(atHeads(144)).toEqual([])
  expect(kept).toHaveLength(3)
})

function keep(isReported: boolean): void {
  const challenge = store.challenges.get({ postId, epoch: 1, operator: 0 })?.challenge
  if (challenge === undefined) throw new Error('no challenge')
  store.evidence.put(challenge, { isReported, bundle: '{}', madeAtMs: 1 })
}

test('whether evidence is kept is asked without reading it', () => {
  const get = (): never => {
    throw new Error('a bundle is large')
  }
  watch = newWatch({ ...store, evidence: { ...store.evidence, get } })
  atHeads(141)
  keep(false)
  put(143, reported)
  atHeads(143)
  expect(kept).toEqual(['true false', 'true true'])
})

const reported = [eventOf('challengeMissed'), eventOf('operatorSlashed')]

test('the report and the slash are told, also when the miss was acknowledged before, and evidence is kept anew', () => {
  atHeads(141)
  keep(false)
  alerts.acknowledge(store.alerts.latest('CHALLENGE_MISSED', own)?.id ?? 0)
  kept = []
  expect(atHeads(142)).toEqual([])
  put(143, reported)
  expect(atHeads(143)).toEqual(['CHALLENGE_MISSED critical raised own', 'OPERATOR_SLASHED critical raised own'])
  expect([kept, counted]).toEqual([['true true'], 1])
  keep(true)
  for (const code of ['CHALLENGE_MISSED', 'OPERATOR_SLASHED'] as const)
    alerts.acknowledge(store.alerts.latest(code, own)?.id ?? 0)
  expect(atHeads(144, 150)).toEqual([])
  expect(store.alerts.latest('OPERATOR_SLASHED', own)?.data.amountWei).toBe((10n ** 17n).toString())
})

test('a reorg that takes the slash back, and then brings the proof, resolves both', () => {
  atHeads(141)
  put(143, reported)
  atHeads(143)
  undo(143)
  expect(atHeads(143)).toEqual(['OPERATOR_SLASHED  resolved own'])
  put(140, [eventOf('proofAccepted')], 1)
  expect(atHeads(143)).toEqual(['CHALLENGE_MISSED  resolved own'])
})

test('another seed asks something else: what was told of the first one is over', () => {
  atHeads(138, 141)
  undo(127)
  put(128, [eventOf('seedFinalised', { epoch: 1, seedBlock: 126, seed: hashOf(0x5eee), closesAtBlock: 141 })])
  expect(atHeads(138)).toEqual(['CHALLENGE_MISSED  resolved own', 'DEADLINE_NEAR warning raised own'])
  expect(atHeads(141).at(-1)).toBe('CHALLENGE_MISSED critical raised own')
  expect(counted).toBe(2)
})

test('a miss is told even if the next seed came before its deadline was seen to pass', () => {
  atHeads(139)
  put(150, [eventOf('seedFinalised', { epoch: 2, seedBlock: 149, closesAtBlock: 165 })])
  expect(atHeads(150)).toEqual(['DEADLINE_NEAR  resolved own', 'CHALLENGE_MISSED critical raised own'])
  put(170, [eventOf('seedFinalised', { epoch: 4, seedBlock: 169, closesAtBlock: 185 })])
  expect(atHeads(170)).toEqual([])
})

test('what others miss is theirs', () => {
  put(128, [eventOf('proofAccepted')])
  put(142, [eventOf('challengeMissed', { operator: 1 }), eventOf('operatorSlashed', { operator: 1 })])
  expect(atHeads(129, 143)).toEqual([])
  expect(kept).toEqual([])
})
