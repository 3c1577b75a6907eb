import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { decodeFunctionData } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { applyEvent } from '../chain/apply-events.ts'
import type { SendRequest } from '../chain/send-transaction.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { addressOf, blockAt, eventOf, hashOf, PARAMETERS } from '../domain/events.fixture.ts'
import { openStore, type Store } from '../store/store.ts'
import { missesDue, reportMissed, turnOf } from './report-missed.ts'

/** Epoch 1 covers blocks 24 to 47; its deadline stands as its seed says. */
const SCHEDULE = { firstBlock: 0, length: 24, seedOffset: 2, finality: 1, finaliseWithin: 5 }

let store: Store
beforeEach(() => {
  store = openStore(':memory:')
  put(1, [eventOf('postRegistered'), eventOf('postAttested', { attesters: 0b111n })])
})
afterEach(() => store[Symbol.dispose]())

function put(number: number, events: readonly ChainEvent[]): void {
  store.blocks.insert(blockAt(number), true)
  for (const [logIndex, event] of events.entries())
    applyEvent(store, { ...event, logIndex }, blockAt(number), digest => digest)
}
const due = (head: number): number[] =>
  missesDue(store, SCHEDULE, blockAt(head), [0])
    .map(each => each.operator)
    .sort()

test('before any seed nothing can be missed', () => {
  expect(due(500)).toEqual([])
})

test.each([
  [40, []], // block 41 is the last that takes proofs
  [41, [1, 2]],
  [45, [1, 2]], // block 46 is the last that takes reports: five after the deadline
  [46, []],
  [400, []],
])('with a deadline at block 41, at head %i the misses of %j can be reported', (head, operators) => {
  put(20, [eventOf('seedFinalised', { closesAtBlock: 41 })])
  expect(due(head)).toEqual(operators)
})

test('proven, reported and own challenges are left out', () => {
  put(20, [eventOf('seedFinalised', { closesAtBlock: 41 })])
  put(30, [eventOf('proofAccepted', { operator: 1 })])
  expect(due(42)).toEqual([2])
  put(43, [eventOf('challengeMissed', { operator: 2 })])
  expect(due(43)).toEqual([])
})

test('the window is the one that the epoch froze, and an epoch before the latest is over', () => {
  const noReports = PARAMETERS & ~(0xffffffn << 216n)
  put(20, [eventOf('seedFinalised', { epoch: 1, closesAtBlock: 41 })])
  put(44, [eventOf('seedFinalised', { epoch: 2, closesAtBlock: 65, parameters: noReports })])
  expect(due(44)).toEqual([])
  expect(due(65)).toEqual([])
})

test('a pause moves the window, and while it lasts nothing is reported', () => {
  put(20, [eventOf('seedFinalised', { closesAtBlock: 39 })])
  put(30, [eventOf('pauseStarted', { untilBlock: 31, closesAtBlock: 41, reportsCloseAtBlock: 46 })])
  expect([40, 41, 45, 46].map(head => due(head).length)).toEqual([0, 2, 2, 0])
  put(43, [eventOf('pauseStarted', { untilBlock: 45, closesAtBlock: 41, reportsCloseAtBlock: 49 })])
  expect([44, 45, 46, 47].map(head => due(head).length)).toEqual([0, 2, 2, 0]) // block 47 is the epoch's last
})

test('of a post that was at risk at the last level before, nothing is reported any more', () => {
  put(2, [eventOf('postSettled', { epoch: 0, level: 1, nextLevel: 2, isAtRisk: true })])
  put(20, [eventOf('seedFinalised', { closesAtBlock: 41 })])
  expect(due(42)).toEqual([])
})

test('what was lost before the epoch stays lost in it, also once the post is settled well', () => {
  put(2, [eventOf('postSettled', { epoch: 0, level: 1, nextLevel: 2, isAtRisk: true })])
  put(20, [eventOf('seedFinalised', { closesAtBlock: 41 })])
  put(42, [eventOf('postSettled', { epoch: 1, level: 2, nextLevel: 0, isAtRisk: false })])
  expect(due(42)).toEqual([])
})

test('a post that comes to be at risk in the epoch itself is still reported', () => {
  put(2, [eventOf('postSettled', { epoch: 0, level: 1, nextLevel: 2, isAtRisk: false })])
  put(20, [eventOf('seedFinalised', { closesAtBlock: 41 })])
  put(42, [eventOf('postSettled', { epoch: 1, level: 2, nextLevel: 2, isAtRisk: true })])
  expect(due(42)).toEqual([1, 2])
})

test.each([
  [[0], 0, 0],
  [[0], 1, 1],
  [[2], 1, 0],
  [[1, 2], 0, 1],
  [[7], 3, 0], // none of these operators: nobody to wait for
])('the turn of operators %j among three in epoch %i comes after %i others', (own, epoch, others) => {
  expect(turnOf(own, [0, 1, 2], epoch)).toBe(others)
})

test('operators report in turns, and the last ones still within the window', () => {
  const joined = [0, 1, 2, 3, 4, 5, 6, 7].map(operator => eventOf('operatorJoined', { operator }))
  put(2, [...joined, eventOf('operatorLeaving', { operator: 7 })])
  put(20, [eventOf('seedFinalised', { epoch: 1, closesAtBlock: 41 })])
  const firstHead = (own: number) =>
    [41, 42, 43, 44, 45].find(head => missesDue(store, SCHEDULE, blockAt(head), [own]).length > 0)
  // In epoch 1 operator 6 comes first. Blocks 42 to 46 take reports; who comes later than that reports in the last two.
  expect([6, 0, 1, 2, 3, 4, 5].map(firstHead)).toEqual([41, 42, 43, 44, 44, 44, 44])
})

test('a report names the challenge, once for each seed', async () => {
  put(20, [eventOf('seedFinalised', { closesAtBlock: 41 })])
  const sent: SendRequest[] = []
  const send = async (request: SendRequest) => {
    sent.push(request)
    return { hash: '0x' as const, isNew: true }
  }
  const [challenge] = missesDue(store, SCHEDULE, blockAt(41), [0, 1])
  if (challenge === undefined) throw new Error('nothing is due')
  await reportMissed(challenge, 60, addressOf(8), { send })
  await reportMissed({ ...challenge, salt: hashOf(3) }, 60, addressOf(8), { send })
  expect(decodeFunctionData({ abi: custodyChallengesAbi, data: sent[0]?.data ?? '0x' })).toEqual({
    functionName: 'reportMissed',
    args: [hashOf(0xa0), 1, 2],
  })
  expect(sent[0]?.deadlineBlock).toBe(60)
  expect(new Set(sent.map(each => each.key)).size).toBe(2)
})
