import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { decodeFunctionData } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { applyEvent } from '../chain/apply-events.ts'
import type { SendRequest } from '../chain/send-transaction.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { addressOf, blockAt, eventOf, hashOf, PARAMETERS } from '../domain/events.fixture.ts'
import { openStore, type Store } from '../store/store.ts'
import { settlementsDue, settlePost } from './settle-posts.ts'

/** Epoch 1 covers blocks 24 to 47; proofs are accepted up to block 41. */
const SCHEDULE = { firstBlock: 0, length: 24, seedOffset: 2, finality: 1, finaliseWithin: 5 }
const postId = hashOf(0xa0)

let store: Store
beforeEach(() => {
  store = openStore(':memory:')
})
afterEach(() => store[Symbol.dispose]())

function put(number: number, events: readonly ChainEvent[]): void {
  store.blocks.insert(blockAt(number), true)
  for (const [logIndex, event] of events.entries())
    applyEvent(store, { ...event, logIndex }, blockAt(number), digest => digest)
}

/** Three attesters: operators 0, 3 and 5. @param before what was said of the post before epoch 1. */
function openEpoch(before: readonly ChainEvent[] = [], parameters = PARAMETERS): void {
  put(1, [eventOf('postRegistered'), eventOf('postAttested', { attesters: 0b101001n }), ...before])
  put(20, [eventOf('seedFinalised', { closesAtBlock: 41, parameters })])
}
const prove = (...operators: number[]): void =>
  put(
    30,
    operators.map(operator => eventOf('proofAccepted', { operator })),
  )
const due = (head: number, operators: number[] = [0], publisher = addressOf(99)): number =>
  settlementsDue(store, SCHEDULE, blockAt(head), { operators, publisher }).length

test('before any seed nothing is to be settled', () => {
  expect(due(500)).toBe(0)
})

test.each([
  [40, 0], // block 41 is the last that takes proofs
  [41, 1],
  [46, 1], // block 47 is the last of the epoch
  [47, 0],
])('at head %i a post with a miss is due %i times', (head, times) => {
  openEpoch()
  prove(0, 3)
  expect(due(head)).toBe(times)
})

test('nodes take turns in the order of the attesters, the publisher last, and nobody else', () => {
  openEpoch()
  const first = (operators: number[], publisher?: `0x${string}`): number =>
    [41, 42, 43, 44, 45, 46].find(head => due(head, operators, publisher) > 0) ?? 0
  expect([first([0]), first([3]), first([5]), first([3, 5])]).toEqual([41, 42, 43, 42])
  expect(first([], addressOf(3))).toBe(44)
  expect([first([1, 2]), first([])]).toEqual([0, 0])
})

test('with more attesters than blocks are left the last block is everybody’s turn', () => {
  put(1, [eventOf('postRegistered'), eventOf('postAttested', { attesters: 2n ** 40n - 1n })])
  put(20, [eventOf('seedFinalised', { closesAtBlock: 41 })])
  expect([due(45, [39]), due(46, [39])]).toEqual([0, 1])
})

const settled = (level: number, nextLevel: number, isAtRisk = false) =>
  eventOf('postSettled', { epoch: 0, level, nextLevel, isAtRisk })

test.each<[string, ChainEvent[], number[], number]>([
  ['well at level 0', [], [0, 3, 5], 0],
  ['failed at level 0', [], [0, 3], 1],
  ['well at level 1', [settled(0, 1)], [0, 3, 5], 1],
  ['failed at level 1', [settled(0, 1)], [], 1],
  ['failed at the last level', [settled(1, 2)], [0], 1],
  ['failed at the last level again', [settled(2, 2, true)], [0], 0],
  ['well at the last level', [settled(2, 2, true)], [0, 3, 5], 1],
  ['well after being at risk below the last level', [settled(0, 0, true)], [0, 3, 5], 1],
])('a post that was %s is settled only when that changes something', (_, before, proven, times) => {
  openEpoch(before)
  prove(...proven)
  expect(due(41)).toBe(times)
})

test('a draw of vacant operators changes a post at the last level only when no others are left', () => {
  const ofOne = (PARAMETERS & ~(0xffffffn << 144n)) | (0x010101n << 144n)
  openEpoch([settled(1, 2)], ofOne)
  const [drawn] = store.challenges.unanswered(1).map(challenge => challenge.operator)
  const leave = (operator: number): ChainEvent[] => [
    eventOf('operatorJoined', { operator }),
    eventOf('operatorLeaving', { operator, inactiveFromEpoch: 0, vacantFromEpoch: 1 }),
  ]
  const dueAfter = (...gone: number[]): number => {
    store.blocks.remove(blockAt(20).hash)
    put(2, gone.flatMap(leave))
    put(20, [eventOf('seedFinalised', { closesAtBlock: 41, parameters: ofOne })])
    const times = due(43, [0, 3, 5])
    store.blocks.remove(blockAt(2).hash)
    return times
  }
  expect(drawn).toBeDefined()
  expect([dueAfter(), dueAfter(drawn ?? 0), dueAfter(0, 3, 5)]).toEqual([1, 0, 1])
})

test('the share that is enough is the one that the epoch froze', () => {
  openEpoch([], (PARAMETERS & ~(0xffffn << 240n)) | (6_666n << 240n))
  prove(0, 3)
  expect(due(41)).toBe(0)
  store.blocks.remove(blockAt(30).hash)
  prove(0)
  expect(due(41)).toBe(1)
})

test('a post whose operators are all gone is settled: nobody is left to prove', () => {
  put(
    1,
    [0, 3, 5].flatMap(operator => [
      eventOf('operatorJoined', { operator }),
      eventOf('operatorLeaving', { operator, vacantFromEpoch: 1 }),
    ]),
  )
  put(2, [eventOf('postRegistered'), eventOf('postAttested', { attesters: 0b101001n })])
  put(20, [eventOf('seedFinalised', { closesAtBlock: 41 })])
  expect(store.challenges.unanswered(1)).toEqual([])
  expect(due(41)).toBe(1)
})

test('of very many posts a part is due at one head', () => {
  const ids = Array.from({ length: 300 }, (_, at) => hashOf(1_000 + at))
  put(1, [
    ...ids.map(each => eventOf('postRegistered', { postId: each })),
    ...ids.map(each => eventOf('postAttested', { postId: each })),
  ])
  put(20, [eventOf('seedFinalised', { closesAtBlock: 41 })])
  expect(due(41)).toBe(256)
  put(
    42,
    ids.slice(0, 100).map(each => eventOf('postSettled', { postId: each })),
  )
  expect(due(42)).toBe(200)
})

test('what is settled, paused, ended or not picked is left alone', () => {
  openEpoch()
  put(42, [eventOf('pauseStarted', { untilBlock: 43, closesAtBlock: 41, reportsCloseAtBlock: 48 })])
  expect([due(42), due(43)]).toEqual([0, 1])
  put(44, [eventOf('postSettled', { epoch: 1 })])
  expect(due(44)).toBe(0)
  store.blocks.remove(blockAt(44).hash)
  put(44, [eventOf('postEnding', { endEpoch: 1 })])
  expect(due(44)).toBe(0)
  store.blocks.remove(blockAt(44).hash)
  store.blocks.remove(blockAt(20).hash)
  const rarely = (PARAMETERS & ~(0xffffn << 128n)) | (0xffffn << 128n)
  put(20, [eventOf('seedFinalised', { closesAtBlock: 41, parameters: rarely })])
  expect(due(44)).toBe(0)
})

test('a settlement is sent once for each seed, and not again after it was refused on chain', async () => {
  const sent: SendRequest[] = []
  const sender = {
    async send(request: SendRequest) {
      sent.push(request)
      return { hash: hashOf(77), isNew: true }
    },
  }
  const settlement = { postId, epoch: 1, salt: hashOf(5), deadlineBlock: 47 }
  await settlePost(settlement, addressOf(8), { store, sender })
  const [request] = sent
  expect(request?.deadlineBlock).toBe(47)
  expect(request).toMatchObject({ to: addressOf(8), key: `settle:${postId}:1:${hashOf(5)}#1` })
  expect(decodeFunctionData({ abi: custodyChallengesAbi, data: request?.data ?? '0x' })).toEqual({
    functionName: 'settle',
    args: [postId, 1],
  })
})
