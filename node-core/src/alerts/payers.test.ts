import { beforeEach, expect, test } from 'vitest'
import type { Hex } from '../base/hex.ts'
import type { OwnOperator } from '../custody/own-operators.ts'
import { addressOf, blockAt, eventOf } from '../domain/events.fixture.ts'
import { openStore, type Store } from '../store/store.ts'
import { payersOf } from './payers.ts'

const [operator, relay, publisher] = [addressOf(1), addressOf(2), addressOf(3)]
let store: Store
let own: OwnOperator[]
const payers = (keys: { relayKey?: { address: Hex } } = {}) =>
  payersOf({ publisherKey: { address: publisher }, ...keys }, { operators: { list: () => own }, store })

beforeEach(() => {
  store = openStore(':memory:')
  own = [ownOperator(0)]
  return () => store[Symbol.dispose]()
})

function ownOperator(index: number, isWithdrawn?: boolean): OwnOperator {
  const never = () => Promise.reject(new Error('not part of this test'))
  const key = { address: operator, signTransaction: never, signTypedData: never }
  const leaving = { isEjection: false, inactiveFromEpoch: 3, vacantFromEpoch: 6 }
  const exit = isWithdrawn === undefined ? null : { ...leaving, isWithdrawn }
  return { index, signer: operator, activeFromEpoch: 0, exit, key }
}

test('an operator’s key needs money until the stake is withdrawn, a relay’s for as long as the node is one', () => {
  expect(payers()).toEqual([operator])
  expect(payers({ relayKey: { address: relay } })).toEqual([operator, relay])
  own = [ownOperator(0, false)]
  expect(payers()).toEqual([operator])
  own = [ownOperator(0, true)]
  expect(payers()).toEqual([])
  own = []
  expect(payers()).toEqual([])
})

test('a publisher’s key needs money once it sent something, or a post of it is on chain', () => {
  expect(payers()).not.toContain(publisher)
  store.transactions.insert({
    ...{ key: 'register:x', chainId: 1, sender: publisher, nonce: 0, recipient: addressOf(9), data: '0x' },
    ...{ valueWei: 0n, raw: '0x02', hash: '0x01', createdAtMs: 1, madeAtBlock: 1 },
  })
  expect(payers()).toContain(publisher)
  store.forgetChain()
  expect(payers()).not.toContain(publisher)
  store.blocks.insert(blockAt(1), true)
  store.posts.insert(eventOf('postRegistered', { publisher }), 'bafy', blockAt(1))
  expect(payers()).toContain(publisher)
})

test('one key for everything counts once', () => {
  const key = { address: operator }
  expect(payersOf({ publisherKey: key, relayKey: key }, { operators: { list: () => own }, store })).toEqual([operator])
})
