import { expect, test } from 'vitest'
import { addressOf, blockAt } from '../domain/events.fixture.ts'
import { testKey } from '../keys/local-key.ts'
import { openStore, type Store } from '../store/store.ts'
import { WHOLE_BELOW } from '../store/transactions-table.ts'
import { shortenSettled, WHOLE_BLOCKS } from './shorten-settled.ts'
import { readBid, signBid } from './sign-bid.ts'

const signer = testKey(0)
const data = `0xa1b2c3d4${'5e'.repeat(50_000)}` as const
const FEES = { maxFeeWei: 100n, tipWei: 8n }

/** In the block whose number is given, or in none. */
async function put(store: Store, nonce: number, settled: { block: number; isSuccess: boolean } | undefined) {
  const core = { chainId: 1, nonce, to: addressOf(2), data, valueWei: 5n, gas: 60_000n }
  const bid = await signBid(signer, core, FEES)
  const unsigned = {
    key: `key:${nonce}`,
    chainId: 1,
    sender: signer.address,
    nonce,
    recipient: core.to,
    data,
    valueWei: 5n,
  }
  store.transactions.insert({ ...unsigned, ...bid, createdAtMs: 1, madeAtBlock: 1 })
  if (settled === undefined) return
  const { block, isSuccess } = settled
  store.blocks.insert(blockAt(block), false)
  const receipt = { isSuccess, gasUsed: 1, gasPriceWei: 1n, blockNumber: block, blockHash: blockAt(block).hash }
  store.transactions.insertReceipt(bid.hash, receipt)
}
const of = (store: Store, nonce: number) => store.transactions.byKey(`key:${nonce}`)

test('the bytes of what succeeded long ago go, and what it bid stays; others keep theirs', async () => {
  using store = openStore(':memory:')
  await put(store, 0, { block: 1, isSuccess: true })
  await put(store, 1, { block: 2, isSuccess: false })
  await put(store, 2, { block: 3, isSuccess: true })
  await put(store, 3, undefined)
  const before = of(store, 0)
  shortenSettled(store.transactions, WHOLE_BLOCKS + 1)
  expect(of(store, 0)).toEqual(before) // not at each head
  const head = Math.ceil((WHOLE_BLOCKS + 2) / 8) * 8
  await put(store, 4, { block: head - WHOLE_BLOCKS, isSuccess: true })
  shortenSettled(store.transactions, head)
  const after = of(store, 0)
  expect(after).toEqual({ ...before, data: '0xa1b2c3d4', raw: after?.raw })
  expect(after?.raw.length).toBeLessThan(200)
  expect(readBid(after?.raw ?? '0x')).toEqual({ ...FEES, gas: 60_000n })
  expect([1, 2, 3, 4].map(nonce => of(store, nonce)?.data.length)).toEqual([data.length, 10, data.length, data.length])
  shortenSettled(store.transactions, head)
  expect(of(store, 0)).toEqual(after)
})

test('they are found without reading those that were shortened', () => {
  using store = openStore(':memory:')
  const plan = store.db.prepare<[number, number], { detail: string }>(`EXPLAIN QUERY PLAN ${WHOLE_BELOW}`).all(1, 1)
  expect(plan.map(each => each.detail)[0]).toBe('SCAN transactions USING INDEX idx_transactions_whole')
})
