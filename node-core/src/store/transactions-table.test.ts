import { expect, test } from 'vitest'
import { addressOf, blockAt, hashOf } from '../domain/events.fixture.ts'
import { openStore, type Store } from './store.ts'

const sender = addressOf(1)
const RECEIPT = { isSuccess: true, gasUsed: 21_000, gasPriceWei: 3n }

function insert(store: Store, nonce: number, change: { sender?: string; chainId?: number } = {}): void {
  store.transactions.insert({
    key: `key:${change.sender ?? sender}:${nonce}`,
    chainId: 1,
    sender,
    nonce,
    recipient: addressOf(2),
    data: '0x',
    valueWei: 2n ** 70n,
    raw: '0x02',
    hash: hashOf(1_000 + nonce + (change.sender === undefined ? 0 : 500)),
    createdAtMs: 1,
    madeAtBlock: 1,
    ...change,
  })
}

const nonces = (store: Store): number[] => store.transactions.pending(sender, 1).map(each => each.nonce)

test('pending are one sender’s on one chain, until a followed block has their receipt', () => {
  using store = openStore(':memory:')
  store.blocks.insert(blockAt(1), false)
  for (const nonce of [2, 0, 1]) insert(store, nonce)
  insert(store, 0, { sender: addressOf(7) })
  expect(nonces(store)).toEqual([0, 1, 2])
  expect(store.transactions.pending(sender, 2)).toEqual([])
  const receipt = { ...RECEIPT, blockNumber: 1, blockHash: blockAt(1).hash }
  expect(store.transactions.insertReceipt(hashOf(1_001), receipt)).toBe(true)
  expect(nonces(store)).toEqual([0, 2])
  expect(store.transactions.gasSpentWei()).toBe(63_000n)
})

test('what was spent is exact beyond 64 bits, and goes with an undone block', () => {
  using store = openStore(':memory:')
  const cost = { gasUsed: 16_777_216, gasPriceWei: 999_999_999_999n }
  for (const number of [1, 2, 3, 4]) {
    const block = blockAt(number)
    store.blocks.insert(block, false)
    insert(store, number)
    store.transactions.insertReceipt(hashOf(1_000 + number), {
      ...RECEIPT,
      ...cost,
      blockNumber: number,
      blockHash: block.hash,
    })
  }
  expect(store.transactions.gasSpentWei()).toBe(4n * 16_777_216n * 999_999_999_999n)
  store.blocks.remove(blockAt(4).hash)
  expect(store.transactions.gasSpentWei()).toBe(3n * 16_777_216n * 999_999_999_999n)
})

test('a transaction is pending again when its block is undone, and settled again by the next', () => {
  using store = openStore(':memory:')
  store.blocks.insert(blockAt(1), false)
  insert(store, 0)
  const receipt = { ...RECEIPT, blockNumber: 1, blockHash: blockAt(1).hash }
  store.transactions.insertReceipt(hashOf(1_000), receipt)
  expect(nonces(store)).toEqual([])
  store.blocks.remove(blockAt(1).hash)
  expect(nonces(store)).toEqual([0])
  expect(store.transactions.receiptOf(hashOf(1_000))).toBeUndefined()
  store.blocks.insert(blockAt(1, 1), false)
  store.transactions.insertReceipt(hashOf(1_000), { ...receipt, blockHash: blockAt(1, 1).hash })
  expect(nonces(store)).toEqual([])
})

test('a receipt of a block that is not held is not stored, unless the block comes with it', () => {
  using store = openStore(':memory:')
  insert(store, 0)
  const receipt = { ...RECEIPT, blockNumber: 5, blockHash: blockAt(5).hash }
  expect(store.transactions.insertReceipt(hashOf(1_000), receipt)).toBe(false)
  expect(nonces(store)).toEqual([0])
  expect(store.transactions.insertReceipt(hashOf(1_000), receipt, blockAt(5))).toBe(true)
  store.blocks.pruneBelow(100)
  expect(nonces(store)).toEqual([])
})

test('one key and one nonce are used once', () => {
  using store = openStore(':memory:')
  insert(store, 0)
  expect(() => insert(store, 0)).toThrow(/UNIQUE/)
  expect(store.transactions.byKey(`key:${sender}:0`)).toMatchObject({ valueWei: 2n ** 70n, nonce: 0 })
  insert(store, 3)
  expect([...store.transactions.noncesFrom(sender, 1)]).toEqual([3])
})

/** Above the transaction's own first bid, whose hash is `hashOf(1_000 + nonce)`. */
const bid = (at: number, isCancel = false) => ({ raw: '0x03', hash: hashOf(2_000 + at), isCancel }) as const
const idOf = (store: Store, nonce: number): number => store.transactions.byKey(`key:${sender}:${nonce}`)?.id ?? -1
const standing = (store: Store) => store.transactions.byKey(`key:${sender}:0`)?.hash

test('the newest bid stands, unless it was refused or another was mined; the receipt of any settles the transaction', () => {
  using store = openStore(':memory:')
  const { transactions } = store
  store.blocks.insert(blockAt(1), false)
  insert(store, 0)
  for (const at of [1, 2, 3]) transactions.insertBid(idOf(store, 0), bid(at), at)
  expect(standing(store)).toBe(bid(3).hash)
  transactions.setOutcome(bid(3).hash, 'refused')
  expect(standing(store)).toBe(bid(2).hash)
  expect(transactions.bidsOf(idOf(store, 0)).map(each => each.hash)).toEqual([
    bid(3).hash,
    bid(2).hash,
    bid(1).hash,
    hashOf(1_000),
  ])
  transactions.insertReceipt(bid(1).hash, { ...RECEIPT, blockNumber: 1, blockHash: blockAt(1).hash })
  expect(standing(store)).toBe(bid(1).hash)
  expect(nonces(store)).toEqual([])
  expect(transactions.gasSpentWei()).toBe(63_000n)
  store.blocks.remove(blockAt(1).hash)
  expect(standing(store)).toBe(bid(2).hash)
  expect(nonces(store)).toEqual([0])
})

test('what was accepted once stays so, and the same bytes are one bid', () => {
  using store = openStore(':memory:')
  insert(store, 0)
  const id = idOf(store, 0)
  store.transactions.insertBid(id, bid(1, true), 5)
  store.transactions.setOutcome(bid(1).hash, 'accepted')
  store.transactions.setOutcome(bid(1).hash, 'refused')
  store.transactions.insertBid(id, bid(1, true), 7)
  expect(store.transactions.bidsOf(id)).toEqual([
    { ...bid(1, true), outcome: 'accepted', madeAtBlock: 7 },
    { raw: '0x02', hash: hashOf(1_000), isCancel: false, outcome: 'unknown', madeAtBlock: 1 },
  ])
})

test('that the cap is reached is new once, and again after another bid', () => {
  using store = openStore(':memory:')
  insert(store, 0)
  const id = idOf(store, 0)
  expect([store.transactions.reachCap(id), store.transactions.reachCap(id)]).toEqual([true, false])
  expect(store.transactions.byKey(`key:${sender}:0`)?.isAtCap).toBe(true)
  store.transactions.insertBid(id, bid(1), 2)
  expect(store.transactions.reachCap(id)).toBe(true)
})

test('bids go with their transaction', () => {
  using store = openStore(':memory:')
  insert(store, 0)
  const id = idOf(store, 0)
  store.transactions.insertBid(id, bid(1), 2)
  store.transactions.remove(id)
  expect(store.transactions.bidsOf(id)).toEqual([])
  insert(store, 0)
})
