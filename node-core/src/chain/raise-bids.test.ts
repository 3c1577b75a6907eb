import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../base/clock.ts'
import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import { testKey } from '../keys/local-key.ts'
import { openStore, type Store } from '../store/store.ts'
import { type Log, nullLog } from '../telemetry/log.ts'
import { currentAttempt } from './current-attempt.ts'
import { createFakePool } from './fake-pool.fixture.ts'
import { createTransactionSender, type SendRequest, type TransactionSender } from './send-transaction.ts'

const signer = testKey(0)
const CHAIN_ID = 1
const TO: Hex = `0x${'77'.repeat(20)}`
/** No block takes anything for less; more than all caps here. */
const NOBODY = 10n ** 18n

let store: Store
let pool: ReturnType<typeof createFakePool>
let told: string[]
let sender: TransactionSender
beforeEach(() => {
  store = openStore(':memory:')
  pool = createFakePool()
  told = []
  sender = open()
})
afterEach(() => store[Symbol.dispose]())

function open(maxFeePerGasWei = 100_000n): TransactionSender {
  const note = (event: string) => void told.push(event)
  const log: Log = { debug: note, info: note, warn: note, error: note, child: () => log, inTrace: (_, work) => work() }
  const deps = { source: pool.source, transactions: store.transactions, clock: systemClock, log }
  return createTransactionSender({ chainId: CHAIN_ID, signer, maxFeePerGasWei }, deps)
}

const request = (key: string, deadlineBlock?: number): SendRequest => ({ key, to: TO, data: '0xda7a', deadlineBlock })
const hold = (block: BlockRef): BlockRef => {
  store.blocks.insert(block, false)
  return block
}
/** So many blocks, each told to the sender. */
async function pass(blocks: number, leastTipWei = 0n): Promise<void> {
  for (let passed = 0; passed < blocks; passed += 1) await sender.onHead(hold(pool.mine(leastTipWei)))
}
const pendingKeys = () => store.transactions.pending(signer.address, CHAIN_ID).map(each => each.key)
const minedOf = (nonce: number) => pool.mined.filter(each => each.nonce === nonce)

test('what waits too long is replaced with the same nonce and data until a block takes it, and its key is settled once', async () => {
  const { hash } = await sender.send(request('stuck'))
  await pass(3, 20n)
  expect(pool.accepted).toHaveLength(1)
  await pass(30, 20n)
  expect(minedOf(0)).toHaveLength(1)
  expect(pool.accepted.length).toBeGreaterThan(4)
  const asked = pool.accepted.map(({ nonce, to, data, gas }) => `${nonce} ${to} ${data} ${gas}`)
  expect(new Set(asked)).toEqual(new Set([`0 ${TO} 0xda7a 62500`]))
  expect(pendingKeys()).toEqual([])
  const again = await sender.send(request('stuck'))
  expect(again).toEqual({ hash: pool.mined[0]?.hash, isNew: false })
  expect(again.hash).not.toBe(hash)
  await pass(6)
  expect(pool.mined).toHaveLength(1)
})

test('the nearer the deadline the more is bid, and past it nothing more', async () => {
  await sender.send(request('late', 16))
  await pass(15, NOBODY)
  const raises = pool.accepted
    .map(({ maxFeeWei }) => Number(maxFeeWei))
    .map((fee, at, all) => fee / (all[at - 1] ?? fee))
  expect(raises.slice(1).every((raise, at, all) => raise > (all[at - 1] ?? 1) - 0.01)).toBe(true)
  expect(raises.at(-1)).toBeCloseTo(2)
  const bids = pool.accepted.length
  await pass(10, NOBODY)
  expect(pool.accepted).toHaveLength(bids)
  expect(pendingKeys()).toEqual(['late'])
})

test('no bid is above the cap, and that it is reached is told once, also over a restart', async () => {
  sender = open(300n)
  await sender.send(request('dear', 40))
  await pass(20, NOBODY)
  sender = open(300n)
  await pass(15, NOBODY)
  expect(pool.accepted.every(each => each.maxFeeWei <= 300n)).toBe(true)
  expect(told.filter(event => event === 'fee_cap_reached')).toHaveLength(1)
  expect(store.transactions.byKey('dear')?.isAtCap).toBe(true)
  sender = open(1_000n)
  await pass(1, NOBODY)
  expect(store.transactions.byKey('dear')?.isAtCap).toBe(false)
})

test('whoever stands before a near deadline is raised with it', async () => {
  await sender.send(request('unhurried'))
  await sender.send(request('hurried', 6))
  await pass(3, NOBODY)
  expect(pool.accepted.filter(each => each.nonce === 0).length).toBeGreaterThan(2)
  await pass(2, 12n)
  expect(pendingKeys()).toEqual([])
})

test('too late, but in the way of others: its nonce is used up by a transfer of nothing, and its thing counts as undone', async () => {
  await sender.send(request('thing#1', 3))
  await pass(3, NOBODY)
  await sender.send(request('behind'))
  await pass(4, NOBODY)
  const cancel = pool.pool.get(0)
  expect(cancel).toMatchObject({ to: signer.address, data: '0x' })
  expect(pool.pool.get(1)).toMatchObject({ to: TO, data: '0xda7a' })
  await pass(1)
  expect(pool.mined.map(each => each.data)).toEqual(['0x', '0xda7a'])
  expect(pendingKeys()).toEqual([])
  expect(currentAttempt(store.transactions, 'thing')).toEqual({ key: 'thing#2', state: 'unsent' })
})

test('too late and lost by the pool, it is not sent again; its nonce is used up once others need it', async () => {
  await sender.send(request('late', 3))
  await pass(3, NOBODY)
  pool.pool.clear()
  const sentBefore = pool.accepted.length
  await pass(3, NOBODY)
  expect(pool.accepted).toHaveLength(sentBefore)
  await sender.send(request('behind'))
  await pass(6)
  expect(pool.mined.map(each => each.data)).toEqual(['0x', '0xda7a'])
  expect(pendingKeys()).toEqual([])
})

test('an earlier bid that is mined after all settles the key, though a later one was out', async () => {
  await sender.send(request('raced'))
  const first = pool.pool.get(0)
  await pass(4, NOBODY)
  expect(pool.pool.get(0)?.hash).not.toBe(first?.hash)
  if (first !== undefined) pool.pool.set(0, first) // another producer knows that one only
  await pass(1)
  expect(pool.mined.map(each => each.hash)).toEqual([first?.hash])
  expect(pendingKeys()).toEqual([])
  expect(store.transactions.byKey('raced')?.hash).toBe(first?.hash)
  await pass(6)
  expect(pool.mined).toHaveLength(1)
})

test('an earlier bid in a block that is not followed yet is not sent anew', async () => {
  await sender.send(request('ahead'))
  const first = pool.pool.get(0)
  await pass(4, NOBODY)
  if (first !== undefined) pool.pool.set(0, first)
  pool.mine()
  expect(await sender.send(request('ahead'))).toMatchObject({ isNew: false })
  await sender.rebroadcastPending()
  await pass(2)
  expect(pool.mined).toHaveLength(1)
  expect([...pool.pool.keys()]).toEqual([])
})

test('a replacement that was signed when the endpoint went away goes out after a restart, and no other is signed for it', async () => {
  await sender.send(request('cut short'))
  await pass(3, NOBODY)
  pool.faults.isDown = true
  await expect(pass(1, NOBODY)).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
  const stored = store.transactions.byKey('cut short')
  expect(pool.pool.get(0)?.hash).not.toBe(stored?.hash)
  pool.faults.isDown = false
  sender = open()
  await sender.rebroadcastPending()
  expect(pool.pool.get(0)?.hash).toBe(stored?.hash)
  expect(pool.accepted).toHaveLength(2)
})

test('a refused replacement leaves the bid before it standing, and nothing grows on refusals', async () => {
  await sender.send(request('poor'))
  const first = pool.pool.get(0)
  pool.faults.refuses = 'insufficient funds for gas * price + value'
  await pass(12, NOBODY)
  expect(store.transactions.byKey('poor')?.hash).toBe(first?.hash)
  expect(told.filter(event => event === 'replacement_refused')).toHaveLength(3)
  pool.faults.refuses = undefined
  await pass(4, NOBODY)
  expect(pool.pool.get(0)?.maxFeeWei).toBe(((first?.maxFeeWei ?? 0n) * 9n + 7n) / 8n)
})

test('what the pool lost and now refuses keeps its nonce, for somebody may have it still', async () => {
  await sender.send(request('lost'))
  pool.pool.clear()
  pool.faults.refuses = 'max fee per gas less than block base fee'
  await pass(1)
  const { isNew } = await sender.send(request('lost'))
  expect(isNew).toBe(false)
  pool.faults.refuses = undefined
  await pass(2)
  expect(pool.mined.map(each => each.nonce)).toEqual([0])
  expect(pendingKeys()).toEqual([])
})

test('also when the process ended before the answer that it was taken', async () => {
  const cutShort = { ...store.transactions, setOutcome: () => {} }
  const deps = { source: pool.source, transactions: cutShort, clock: systemClock, log: nullLog }
  await createTransactionSender({ chainId: CHAIN_ID, signer, maxFeePerGasWei: 1_000n }, deps).send(request('unheard'))
  await pass(1, NOBODY)
  pool.pool.clear()
  pool.faults.refuses = 'max fee per gas less than block base fee'
  await pass(1)
  expect(pendingKeys()).toEqual(['unheard'])
})

test('a nonce that another use of the key took gives up all bids, and the key goes out with the next nonce', async () => {
  await sender.send(request('taken'))
  await pass(4, NOBODY)
  expect(pool.accepted).toHaveLength(2)
  pool.mineForeign()
  await sender.send(request('taken'))
  expect(store.transactions.byKey('taken')?.nonce).toBe(1)
  await pass(1)
  expect(pool.mined.map(each => each.data)).toEqual(['0x', '0xda7a'])
})

test('a later request of the key moves its deadline', async () => {
  await sender.send(request('moved', 3))
  await pass(3, NOBODY)
  const bids = pool.accepted.length
  await sender.send(request('moved', 30))
  await pass(7, NOBODY)
  expect(pool.accepted.length).toBeGreaterThan(bids)
})
