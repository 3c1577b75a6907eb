import { afterEach, beforeEach, expect, test } from 'vitest'
import { addressOf, blockAt, hashOf } from '../domain/events.fixture.ts'
import { openStore, type Store } from '../store/store.ts'
import { currentAttempt } from './current-attempt.ts'

let store: Store
beforeEach(() => {
  store = openStore(':memory:')
})
afterEach(() => store[Symbol.dispose]())

let nonce = 0
function send(key: string): void {
  nonce += 1
  store.transactions.insert({
    key,
    chainId: 1,
    sender: addressOf(1),
    nonce,
    recipient: addressOf(2),
    data: '0x',
    valueWei: 0n,
    raw: '0x',
    hash: hashOf(nonce),
    createdAtMs: 1,
    madeAtBlock: 1,
  })
}

/** The transaction sent last is in a block of its own. */
function mine(isSuccess: boolean): void {
  store.blocks.insert(blockAt(nonce), false)
  const { hash: blockHash, number: blockNumber } = blockAt(nonce)
  store.transactions.insertReceipt(hashOf(nonce), { isSuccess, gasUsed: 1, gasPriceWei: 1n, blockNumber, blockHash })
}

const current = () => currentAttempt(store.transactions, 'thing')

test('it goes from unsent over pending to mined', () => {
  expect(current()).toEqual({ key: 'thing#1', state: 'unsent' })
  send('thing#1')
  expect(current()).toEqual({ key: 'thing#1', state: 'pending' })
  mine(true)
  expect(current()).toEqual({ key: 'thing#1', state: 'mined' })
})

test('only a revert begins another attempt, and a reorg of the revert takes it back', () => {
  send('thing#1')
  mine(false)
  expect(current()).toEqual({ key: 'thing#2', state: 'unsent' })
  store.blocks.remove(blockAt(nonce).hash)
  expect(current()).toEqual({ key: 'thing#1', state: 'pending' })
})

test('after five reverts nothing more is sent', () => {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    expect(current()).toEqual({ key: `thing#${attempt}`, state: 'unsent' })
    send(`thing#${attempt}`)
    mine(false)
  }
  expect(current().state).toBe('exhausted')
})

test('one name is not the beginning of another', () => {
  send('thing:more#1')
  expect(current().state).toBe('unsent')
})
