import { expect, test } from 'vitest'
import { applyEvent } from '../chain/apply-events.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { addressOf, blockAt, eventOf } from '../domain/events.fixture.ts'
import { openStore, type Store } from './store.ts'

const LENGTH = 10

function put(store: Store, number: number, events: readonly ChainEvent[]): void {
  store.blocks.insert(blockAt(number), true)
  for (const [logIndex, event] of events.entries())
    applyEvent(store, { ...event, logIndex }, blockAt(number), digest => digest)
}

/** Epoch 0 begins with block 0. */
const stakesIn = (store: Store, epoch: number): (number | bigint)[][] =>
  store.stakeBook.stakesIn(epoch, epoch * LENGTH).map(({ index, stakeWei }) => [index, stakeWei])

test('what is deposited or slashed counts from the next epoch on, and not when its block is undone', () => {
  using store = openStore(':memory:')
  put(store, 1, [eventOf('operatorJoined', { operator: 3, stakeWei: 100n, activeFromEpoch: 1 })])
  put(store, 19, [
    eventOf('stakeDeposited', { operator: 3, amountWei: 20n }),
    eventOf('operatorSlashed', { operator: 3, amountWei: 5n }),
  ])
  put(store, 20, [eventOf('operatorSlashed', { operator: 3, amountWei: 115n })])
  expect([0, 1, 2, 3].map(epoch => stakesIn(store, epoch))).toEqual([[], [[3, 100n]], [[3, 115n]], [[3, 0n]]])
  store.blocks.remove(blockAt(20).hash)
  expect(stakesIn(store, 3)).toEqual([[3, 115n]])
})

test('who leaves counts until the epoch in which it is gone, and who has the place after it counts from its own on', () => {
  using store = openStore(':memory:')
  put(store, 1, [
    eventOf('operatorJoined', { operator: 2, stakeWei: 100n, signer: addressOf(8) }),
    eventOf('operatorJoined', { operator: 1, stakeWei: 7n }),
    eventOf('stakeDeposited', { operator: 2, amountWei: 20n }),
  ])
  put(store, 15, [eventOf('operatorLeaving', { operator: 2, inactiveFromEpoch: 2, vacantFromEpoch: 5 })])
  put(store, 16, [eventOf('operatorSlashed', { operator: 2, amountWei: 1n })])
  put(store, 55, [
    eventOf('stakeWithdrawn', { operator: 2 }),
    eventOf('operatorJoined', { operator: 2, stakeWei: 50n, signer: addressOf(8), activeFromEpoch: 6 }),
    eventOf('operatorSlashed', { operator: 2, amountWei: 3n }),
  ])
  expect([1, 2, 5, 6].map(epoch => stakesIn(store, epoch))).toEqual([
    [
      [1, 7n],
      [2, 120n],
    ],
    [[1, 7n]],
    [[1, 7n]],
    [
      [1, 7n],
      [2, 47n],
    ],
  ])
  const who = (epoch: number) => store.stakeBook.stakesIn(epoch, epoch * LENGTH).find(({ index }) => index === 2)
  expect([who(1), who(6)]).toMatchObject([
    { signer: addressOf(8), activeFromEpoch: 0 },
    { signer: addressOf(8), activeFromEpoch: 6 },
  ])
})
