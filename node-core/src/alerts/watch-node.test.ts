import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import { createFakeClock, type FakeClock } from '../base/fake-clock.fixture.ts'
import type { Hex } from '../base/hex.ts'
import { addressOf, blockAt } from '../domain/events.fixture.ts'
import { openStore, type Store } from '../store/store.ts'
import { nullLog } from '../telemetry/log.ts'
import { createAlerts } from './alerts.ts'
import { createNodeWatch } from './watch-node.ts'

let store: Store
let clock: FakeClock
let watch: ReturnType<typeof createNodeWatch>
let balances: Map<string, bigint>
let isChainAway: boolean
let isChainSilent: boolean
let hasOpenDuties: boolean
let payers: Hex[]
let needed: ReadonlySet<string> | undefined

beforeEach(() => {
  store = openStore(':memory:')
  clock = createFakeClock()
  balances = new Map([1, 2].map(at => [addressOf(at), 10n ** 18n]))
  isChainAway = false
  isChainSilent = false
  hasOpenDuties = false
  payers = [addressOf(1), addressOf(2)]
  watch = openWatch()
  watch.start()
})
afterEach(async () => {
  await watch[Symbol.asyncDispose]()
  store[Symbol.dispose]()
})

const openWatch = () =>
  createNodeWatch({
    ...{ store, clock, log: nullLog, maxFeePerGasWei: 10n ** 12n },
    alerts: createAlerts({ table: store.alerts, clock, log: nullLog, publish: () => undefined }),
    payers: () => payers,
    async balanceOf(address) {
      if (isChainSilent) return new Promise(() => undefined)
      if (isChainAway) throw new AppError('RPC_UNAVAILABLE')
      return balances.get(address) ?? 0n
    },
    neededBlocks: async () => needed,
    fees: async () => ({ baseFeeWei: 10n ** 9n, tipWei: 0n }),
    hasOpenDuties: () => hasOpenDuties,
  })

/** So many seconds, with every look that falls into them. */
async function pass(seconds: number): Promise<void> {
  for (let at = 0; at < seconds; at += 5) {
    await expect.poll(() => clock.sleeping(), { interval: 1 }).toBe(1)
    clock.advance(5_000)
  }
  await expect.poll(() => clock.sleeping(), { interval: 1 }).toBe(1)
}
const open = () => store.alerts.page('open', null, 9).map(({ alert }) => [alert.code, alert.severity, alert.subject])

function head(number: number, secondsPerBlock = 1): void {
  const block = { ...blockAt(number), timestamp: 1_800_000_000 + number * secondsPerBlock }
  store.blocks.insert(block, false)
  watch.onHead(block)
}

test('silence is told after a minute, as critical once duties are open, and is over with the next block', async () => {
  head(1)
  await pass(60)
  expect(open()).toEqual([])
  await pass(5)
  expect(open()).toEqual([['HEAD_STALE', 'warning', 'chain']])
  hasOpenDuties = true
  await pass(5)
  expect(open()).toEqual([['HEAD_STALE', 'critical', 'chain']])
  await pass(30)
  expect(store.alerts.latest('HEAD_STALE', 'chain')?.count).toBe(2) // once for each severity, not for each look
  watch.onHead(blockAt(1)) // told again, but no news
  expect(open()).toHaveLength(1)
  head(2)
  expect(open()).toEqual([])
})

test('a restart does not end the silence: the chain’s next block does', async () => {
  head(1)
  await pass(65)
  const told = store.alerts.latest('HEAD_STALE', 'chain')
  await watch[Symbol.asyncDispose]()
  clock.advance(1_000)
  watch = openWatch()
  watch.start()
  watch.onHead(blockAt(1)) // the newest block of the endpoint, which was known before
  await pass(5)
  expect(open()).toEqual([['HEAD_STALE', 'warning', 'chain']])
  hasOpenDuties = true
  await pass(60)
  expect(store.alerts.latest('HEAD_STALE', 'chain')).toMatchObject({
    ...{ id: told?.id, severity: 'critical', count: 2 },
    data: { sinceAt: told?.data.sinceAt },
  })
  store.blocks.clear() // what was held is no more the chain’s, and nothing of the other one is there yet
  await pass(5)
  expect(open()).toHaveLength(1)
  head(2)
  expect(open()).toEqual([])
})

test('while the node catches up, each block that it stores counts', async () => {
  head(1)
  await pass(50)
  store.blocks.insert(blockAt(2), false)
  await pass(60)
  expect(open()).toEqual([])
  await pass(10)
  expect(open()).toHaveLength(1)
})

test('a stop does not wait for an endpoint that does not answer', async () => {
  await pass(55)
  isChainSilent = true
  clock.advance(5_000)
  await watch[Symbol.asyncDispose]()
})

test('a chain with slow blocks may be silent for longer', async () => {
  for (const number of [1, 2, 3]) head(number, 12)
  await pass(120)
  expect(open()).toEqual([])
  await pass(5)
  expect(open()).toHaveLength(1)
})

test('a key without enough money is told by name, and no more once it has some', async () => {
  head(1)
  balances.set(addressOf(2), 10n ** 15n)
  await pass(60)
  expect(open()).toEqual([['BALANCE_LOW', 'critical', addressOf(2)]])
  expect(store.alerts.latest('BALANCE_LOW', addressOf(2))?.data).toMatchObject({ answersLeft: 1 })
  await pass(60)
  expect(store.alerts.latest('BALANCE_LOW', addressOf(2))?.count).toBe(1)
  balances.set(addressOf(2), 9n * 10n ** 14n)
  await pass(60)
  expect(store.alerts.latest('BALANCE_LOW', addressOf(2))?.count).toBe(2)
  head(2)
  isChainAway = true
  balances.set(addressOf(2), 10n ** 18n)
  await pass(60)
  expect(open().map(each => each[0])).toContain('BALANCE_LOW')
  isChainAway = false
  head(3)
  await pass(60)
  expect(open()).toEqual([])
})

/** An answer costs 400,000 gas at 2 gwei here. */
const answers = (count: bigint): bigint => count * 400_000n * 2n * 10n ** 9n

test('a balance that goes to and fro at the border is told once', async () => {
  const balance = async (count: bigint) => {
    balances.set(addressOf(2), answers(count))
    await pass(60)
    return store.alerts.latest('BALANCE_LOW', addressOf(2))
  }
  expect(await balance(100n)).toBeUndefined()
  const first = await balance(99n)
  expect(first).toMatchObject({ severity: 'warning', resolvedAtMs: null })
  expect(await balance(101n)).toMatchObject({ id: first?.id, severity: 'warning', resolvedAtMs: null })
  expect(await balance(9n)).toMatchObject({ id: first?.id, severity: 'critical' })
  expect(await balance(11n)).toMatchObject({ id: first?.id, severity: 'critical' })
  expect(await balance(15n)).toMatchObject({ id: first?.id, severity: 'warning' })
  expect((await balance(150n))?.resolvedAtMs).not.toBeNull()
})

test('a key that pays no more is told no more, also while no endpoint answers', async () => {
  balances.set(addressOf(2), 0n)
  await pass(60)
  expect(open()).toEqual([['BALANCE_LOW', 'critical', addressOf(2)]])
  isChainAway = true
  payers = [addressOf(1)]
  await pass(60)
  expect(open().map(each => each[0])).not.toContain('BALANCE_LOW')
})

test('damage is over when no content needs the block any more, and stands while that can’t be told', async () => {
  for (const subject of ['a', 'b'])
    store.alerts.raise({ code: 'STORAGE_CORRUPT', severity: 'warning', subject, data: { block: subject } }, 1)
  const damaged = () => store.alerts.open('STORAGE_CORRUPT').map(({ subject }) => subject)
  needed = undefined
  await pass(600)
  expect(damaged()).toEqual(['a', 'b'])
  needed = new Set(['b'])
  await pass(600)
  expect(damaged()).toEqual(['b'])
  needed = new Set()
  await pass(600)
  expect(damaged()).toEqual([])
})
