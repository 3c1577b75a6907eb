import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressOf, blockAt, hashOf } from '../domain/events.fixture.ts'
import { sql } from './sql.ts'
import { openStore, type Store } from './store.ts'
import { pageQuery, type TransactionState, totalQuery } from './transaction-pages-table.ts'

const STATES: readonly TransactionState[] = ['pending', 'mined', 'replaced', 'failed']
/** Of the bid number `bid` of the transaction `at`. */
const bidHash = (at: number, bid: number) => hashOf(1_000 + 10 * at + bid)

/** One transaction for each state, in this order; all but those that wait stand in one block. */
function filled(states: readonly TransactionState[]): Store {
  const store = openStore(':memory:')
  const block = blockAt(1)
  store.blocks.insert(block, true)
  for (const [at, state] of states.entries()) {
    const tx = { chainId: 1, sender: addressOf(1), recipient: addressOf(2), data: '0x', valueWei: 0n } as const
    const first = {
      key: `key:${at}`,
      nonce: at,
      raw: '0x02',
      hash: bidHash(at, 0),
      createdAtMs: at,
      madeAtBlock: 1,
    } as const
    store.transactions.insert({ ...tx, ...first })
    const { id } = store.transactions.byKey(first.key) ?? expect.fail()
    store.transactions.insertBid(id, { raw: '0x02', hash: bidHash(at, 1), isCancel: state === 'replaced' }, 2)
    if (state === 'pending') continue
    const receipt = { gasUsed: 21_000, gasPriceWei: 3n, blockNumber: 1, blockHash: block.hash }
    store.transactions.insertReceipt(bidHash(at, 1), { ...receipt, isSuccess: state !== 'failed' })
  }
  return store
}

test('pages of transactions show each once, newest first, with its state, also when narrowed to one state', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...STATES), { maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      (states, limit) => {
        using store = filled(states)
        for (const filter of [undefined, ...STATES]) {
          const shown: [string, string][] = []
          for (let below: number | null = null, isFull = true; isFull; ) {
            const page = store.transactionPages.page(filter, below, limit)
            shown.push(...page.map(({ key, state }): [string, string] => [key, state]))
            isFull = page.length === limit
            below = page.at(-1)?.id ?? null
          }
          const expected = states.map((state, at): [string, string] => [`key:${at}`, state])
          expect(shown).toEqual(expected.filter(([, state]) => filter === undefined || state === filter).reverse())
          expect(store.transactionPages.total(filter)).toBe(shown.length)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('what was mined is told by the bid that the chain took, until its block goes', () => {
  using store = filled(['mined', 'replaced'])
  const [replaced, mined] = store.transactionPages.page(undefined, null, 2)
  expect(mined?.mined).toMatchObject({ hash: bidHash(0, 1), receipt: { gasUsed: 21_000, blockNumber: 1 } })
  expect(store.transactionPages.byId(replaced?.id ?? 0)).toEqual(replaced)
  store.blocks.remove(blockAt(1).hash)
  expect(store.transactionPages.page('pending', null, 5).map(each => each.mined)).toEqual([undefined, undefined])
  expect(store.transactionPages.total('mined')).toBe(0)
})

test.each([undefined, ...STATES])('a page and a count of %s read no table from end to end', state => {
  using store = filled(Array.from({ length: 200 }, (_, at) => STATES[at % 50] ?? 'mined'))
  store.db.exec('ANALYZE')
  const stepsOf = (query: string) =>
    store.db
      .prepare<object, { detail: string }>(sql('EXPLAIN QUERY PLAN', query))
      .all({ below: 1, limit: 1 })
      .map(each => each.detail)
  const page = stepsOf(pageQuery(state ?? 'all'))
  const isWhole = (step: string): boolean =>
    /^SCAN|TEMP B-TREE FOR|AUTOMATIC/.test(step) && !/idx_receipts_reverted|idx_bids_cancels/.test(step)
  expect(page.filter(isWhole)).toEqual([])
  const isPicked = state === 'failed' || state === 'replaced'
  expect(page[0]).toMatch(isPicked ? /PRIMARY KEY \(rowid=\?\)/ : /^SEARCH transactions USING .*(?:id|rowid)<\?\)/)
  // Without a state the count reads the smallest index; it is the only one that grows with all that was ever sent.
  const count = stepsOf(totalQuery(state ?? 'all')).filter(isWhole)
  expect(count.every(step => /USING COVERING INDEX/.test(step) && state === undefined)).toBe(true)
})
