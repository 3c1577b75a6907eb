import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTransactionReader } from '../chain/read-transactions.ts'
import { signBid, signCancel } from '../chain/sign-bid.ts'
import { addressOf, blockAt, eventOf } from '../domain/events.fixture.ts'
import { testKey } from '../keys/local-key.ts'
import { openStore, type Store } from '../store/store.ts'
import type { NodeView } from './node-view.ts'
import { transactionFailure, transactionsPage } from './transaction-view.ts'

const operatorKey = testKey(1)
const relayKey = testKey(2)
const publisherKey = testKey(3)

let store: Store
let view: NodeView
beforeEach(() => {
  store = openStore(':memory:')
  const own = { ...eventOf('operatorJoined'), index: 4, signer: operatorKey.address }
  const engine = {
    store,
    operators: { list: () => [own] },
    options: { operatorKeys: [operatorKey], relayKey, publisherKey },
    senders: { all: () => [operatorKey, relayKey, publisherKey] },
    transactionReader: createTransactionReader({ client: {} as never }), // nothing here asks the chain
  }
  view = { engine } as unknown as NodeView // the list reads nothing else of an engine
})
afterEach(() => store[Symbol.dispose]())

const core = (nonce: number) =>
  ({ chainId: 1, nonce, to: addressOf(8), data: '0x', valueWei: 0n, gas: 50_000n }) as const

async function send(key: string, signer = operatorKey, nonce = 0) {
  const bid = await signBid(signer, core(nonce), { maxFeeWei: 100n, tipWei: 8n })
  const wanted = {
    key,
    chainId: 1,
    sender: signer.address,
    nonce,
    recipient: addressOf(8),
    data: '0x',
    valueWei: 0n,
  } as const
  store.transactions.insert({ ...wanted, ...bid, deadlineBlock: 40, createdAtMs: 5_000, madeAtBlock: 30 })
  return store.transactions.byKey(key) ?? expect.fail()
}

const list = (state?: 'pending' | 'mined' | 'replaced' | 'failed') => transactionsPage(view, { limit: 10, state }).items

test('a transaction that waits shows its bids with their fees, newest first, and that the cap is reached', async () => {
  const { id } = await send('prove:0xaa:1:4:0xbb#1')
  const raised = await signBid(operatorKey, core(0), { maxFeeWei: 150n, tipWei: 12n })
  store.transactions.insertBid(id, raised, 32)
  store.transactions.setOutcome(raised.hash, 'accepted')
  store.transactions.reachCap(id)
  expect(list('pending')).toEqual([
    expect.objectContaining({
      ...{ id, purpose: 'prove', role: 'operator', operator: 4, nonce: 0, state: 'pending', isAtCap: true },
      ...{ hash: raised.hash, deadlineBlock: 40, createdAt: '1970-01-01T00:00:05.000Z', mined: null },
      bids: [
        expect.objectContaining({ maxFeeWei: '150', tipWei: '12', outcome: 'accepted', madeAtBlock: 32 }),
        expect.objectContaining({ maxFeeWei: '100', tipWei: '8', outcome: 'unknown', madeAtBlock: 30 }),
      ],
    }),
  ])
})

test('what was mined shows the bid that the chain took and what it cost', async () => {
  const { id, hash } = await send('batch:1:4:0xcc')
  store.transactions.insertBid(id, await signCancel(operatorKey, core(0), { maxFeeWei: 300n, tipWei: 20n }), 33)
  store.blocks.insert(blockAt(34), true)
  const receipt = { isSuccess: true, gasUsed: 50_000, gasPriceWei: 90n, blockNumber: 34, blockHash: blockAt(34).hash }
  store.transactions.insertReceipt(hash, receipt)
  expect(list()).toEqual([
    expect.objectContaining({
      ...{ hash, purpose: 'batch', state: 'mined' },
      mined: { blockNumber: 34, gasUsed: 50_000, gasPriceWei: '90', costWei: '4500000' },
    }),
  ])
})

test('each key’s transactions are told by its role, and keys that are not known by what they are: unknown', async () => {
  await send('attest:0xaa:1:2#1', relayKey)
  await send('register:0xaa', publisherKey)
  await send('strange', testKey(9))
  expect(list().map(({ purpose, role, operator }) => [purpose, role, operator])).toEqual([
    ['other', null, null],
    ['register', 'publisher', null],
    ['attest', 'relay', null],
  ])
})

test('pages follow each other, and a transaction that is not there has no reason', async () => {
  for (const nonce of [0, 1, 2]) await send(`finalise:${nonce}`, operatorKey, nonce)
  const first = transactionsPage(view, { limit: 2 })
  const second = transactionsPage(view, { limit: 2, cursor: first.nextCursor ?? expect.fail() })
  expect([first, second].map(page => page.items.map(each => each.nonce))).toEqual([[2, 1], [0]])
  expect([first.total, second.nextCursor]).toEqual([3, null])
  await expect(transactionFailure(view, 77)).rejects.toMatchObject({ code: 'TRANSACTION_NOT_FOUND' })
})
