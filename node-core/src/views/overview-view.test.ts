import { afterEach, beforeEach, expect, test } from 'vitest'
import { applyEvent } from '../chain/apply-events.ts'
import { createOwnOperators } from '../custody/own-operators.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { addressOf, blockAt, eventOf, PARAMETERS } from '../domain/events.fixture.ts'
import type { Signer } from '../keys/signer.ts'
import { openStore, type Store } from '../store/store.ts'
import type { NodeView } from './node-view.ts'
import { overviewView } from './overview-view.ts'

const EPOCH = 24

let store: Store
let view: NodeView
beforeEach(() => {
  store = openStore(':memory:')
  const schedule = { firstBlock: 0, length: EPOCH, seedOffset: 2, finality: 1, finaliseWithin: 5 }
  const key = { address: addressOf(2) } as Signer // signs nothing here
  const engine = {
    store,
    protocol: { schedule },
    operators: createOwnOperators([key], store.operators),
    follower: { head: () => store.blocks.head(), state: () => ({ isReachable: true }) },
  }
  view = { engine } as unknown as NodeView // the overview reads nothing else of an engine
})
afterEach(() => store[Symbol.dispose]())

function put(number: number, events: readonly ChainEvent[] = []): void {
  store.blocks.insert(blockAt(number), true)
  for (const [logIndex, event] of events.entries())
    applyEvent(store, { ...event, logIndex }, blockAt(number), digest => digest)
}

const verdict = () => overviewView(view, undefined).verdict
const pause = () => overviewView(view, undefined).pause
/** A seed challenges everybody, until ten blocks later. */
const seed = (epoch: number) =>
  eventOf('seedFinalised', { epoch, seedBlock: epoch * EPOCH + 2, closesAtBlock: epoch * EPOCH + 17 })
const attested = [eventOf('operatorJoined'), eventOf('postRegistered'), eventOf('postAttested', { endEpoch: 100 })]

test('a pause is told from the block of its start to the one before its last', () => {
  put(1)
  expect(pause()).toBeNull()
  put(10, [eventOf('pauseStarted', { untilBlock: 12 })])
  expect(pause()).toEqual({ sinceBlock: 10, untilBlock: 12 })
  put(11)
  expect(pause()).toEqual({ sinceBlock: 10, untilBlock: 12 })
  put(12)
  expect(pause()).toBeNull()
})

test('a pause that is ended early is over with that block', () => {
  put(10, [eventOf('pauseStarted', { untilBlock: 30 })])
  put(12, [eventOf('pauseEnded')])
  expect(pause()).toBeNull()
})

test('a node that is seldom challenged is well for as long as seeds come and its last duty was proven', () => {
  put(1, attested)
  put(29, [seed(1)])
  put(31, [eventOf('proofAccepted', { epoch: 1 })])
  expect(verdict()).toMatchObject({ level: 'ok', code: 'BYTES_SAFE' })
  const seldom = { parameters: PARAMETERS + (65_534n << 128n) } // a period that these seeds pick nobody in
  for (const epoch of [2, 3, 4, 5, 6, 7]) put(epoch * EPOCH + 5, [{ ...seed(epoch), ...seldom }])
  expect(store.challenges.total({})).toBe(1)
  expect(verdict()).toMatchObject({ level: 'ok', code: 'BYTES_SAFE' })
  put(10 * EPOCH)
  expect(verdict()).toMatchObject({ level: 'attention' })
})

test('a deadline without a proof is overdue, then missed, until a later duty is proven', () => {
  put(1, attested)
  put(29, [seed(1)])
  expect(verdict()).toMatchObject({ level: 'idle', code: 'DUTY_OPEN' })
  put(41)
  expect(verdict()).toMatchObject({ level: 'bad', code: 'DUTY_OVERDUE' })
  put(43, [eventOf('challengeMissed', { epoch: 1 })])
  expect(verdict()).toMatchObject({ level: 'bad', code: 'DUTY_MISSED', data: { missed: 1 } })
  put(53, [seed(2)])
  put(54, [eventOf('proofAccepted', { epoch: 2 })])
  expect(verdict()).toMatchObject({ level: 'bad', code: 'DUTY_MISSED' })
  put(65)
  expect(verdict()).toMatchObject({ level: 'ok', code: 'BYTES_SAFE' })
})
