/** A real chain that tells of its heads through a socket that is cut, held back and spoilt. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../base/clock.ts'
import { EMITTER, startTestAnvil, type TestAnvil } from '../devnet/anvil.fixture.ts'
import { nullLog } from '../telemetry/log.ts'
import { createHeadSubscription, type HeadSubscriptionOptions } from './head-subscription.ts'
import { createRpcChain } from './rpc-chain.ts'
import { openSocketProxy, type SocketProxy } from './socket-proxy.fixture.ts'
import { openTestDatabase, watch } from './watcher.fixture.ts'

/** Longer than any test: whoever finds a head sooner was told of it. */
const POLL_MS = 600_000

let resources: AsyncDisposableStack
let anvil: TestAnvil
let proxy: SocketProxy
beforeEach(async () => {
  resources = new AsyncDisposableStack()
  anvil = resources.use(await startTestAnvil())
  proxy = resources.use(await openSocketProxy(anvil.url.replace('http', 'ws')))
})
afterEach(() => resources.disposeAsync())

/** Watches the chain over HTTP and hears of its heads through the proxy. */
async function follow(options: Partial<HeadSubscriptionOptions> = {}, pollMs = POLL_MS) {
  const subscription = resources.use(
    createHeadSubscription(
      { urls: [`${proxy.url}/#part`], silentMs: 60_000, timeoutMs: 2_000, ...options },
      { clock: systemClock, log: nullLog },
    ),
  )
  const source = resources.use(createRpcChain({ url: anvil.url, addresses: [EMITTER], timeoutMs: 5_000 }))
  const db = openTestDatabase()
  resources.defer(() => void db.close())
  const { watcher, blocks } = watch(source, db, { pollMs, subscription })
  resources.use(watcher)
  await watcher.start()
  const held = () => blocks.head()?.number
  await expect.poll(held).toBe(await anvil.blockNumber())
  const isLive = () => expect.poll(() => subscription.isLive(), { timeout: 10_000 }).toBe(true)
  const grow = async (): Promise<void> => {
    await anvil.mine(1)
    await expect.poll(held, { timeout: 10_000, interval: 5 }).toBe(await anvil.blockNumber())
  }
  return { subscription, isLive, grow, held }
}

test('a new head is found by being told of it, and so is a reorg', async () => {
  const { isLive, grow, subscription } = await follow()
  await isLive()
  for (let at = 0; at < 5; at += 1) await grow()
  await anvil.reorg(2)
  await grow()
  expect(subscription.state()).toMatchObject([{ host: new URL(proxy.url).host, kind: 'live' }])
  expect(subscription.state()[0]?.lastHeadAtMs).toBeGreaterThan(0)
})

test('a subscription that is cut is opened again, and goes on telling', async () => {
  const { isLive, grow, subscription } = await follow()
  await isLive()
  await grow()
  proxy.cut()
  await expect.poll(() => subscription.state()[0]?.kind).toBe('closed')
  await isLive()
  await grow()
  expect(proxy.taken()).toBe(2)
})

test('what is no message changes nothing, and a frame that is too long costs the connection only', async () => {
  const { isLive, grow, held } = await follow()
  await isLive()
  await grow()
  const head = (result: unknown) =>
    JSON.stringify({
      jsonrpc: '2.0',
      method: 'eth_subscription',
      params: { subscription: proxy.subscription(), result },
    })
  const before = held()
  const nonsense = [
    '',
    '{',
    'null',
    '[]',
    '"\\ud800"',
    '{"id":1}',
    head(null),
    head({ number: '0x1' }),
    head({ hash: 7, number: [] }),
  ]
  for (const text of nonsense) proxy.say(text)
  proxy.say(new Uint8Array([0, 255, 128]))
  await grow()
  expect(proxy.taken()).toBe(1)
  proxy.say('x'.repeat(100_000))
  await expect.poll(() => proxy.taken(), { timeout: 10_000 }).toBe(2)
  await isLive()
  await grow()
  expect(held()).toBe((before ?? 0) + 2)
})

test('heads that are made up are not believed, and true ones are found at the usual pace then', async () => {
  const { isLive, grow, held } = await follow({}, 50)
  await isLive()
  await grow()
  const before = held()
  expect(proxy.subscription()).toMatch(/^0x/)
  for (let at = 0; at < 200; at += 1) {
    const result = { hash: `0x${String(at).padStart(64, '0')}`, number: '0xfffffff' }
    proxy.say(
      JSON.stringify({
        jsonrpc: '2.0',
        method: 'eth_subscription',
        params: { subscription: proxy.subscription(), result },
      }),
    )
  }
  await grow()
  expect(held()).toBe((before ?? 0) + 1)
})

test('while it is silent heads are found at the usual pace, and a silent connection is given up', async () => {
  const { isLive, grow, subscription } = await follow({ silentMs: 300 }, 50)
  await isLive()
  await grow()
  proxy.faults.holds = true
  await expect.poll(() => subscription.isLive(), { timeout: 5_000 }).toBe(false)
  await grow()
  await expect.poll(() => proxy.taken(), { timeout: 10_000 }).toBeGreaterThan(1)
  await grow()
  proxy.faults.holds = false
  await isLive()
  await grow()
})

test('connections that are refused come after longer and longer pauses', async () => {
  proxy.faults.refuses = true
  const { grow, isLive } = await follow({}, 50)
  await grow()
  const beganAtMs = performance.now()
  await expect.poll(() => proxy.taken(), { timeout: 10_000, interval: 5 }).toBe(5)
  // Half of the longest pauses, 250 + 500 + 1,000 + 2,000 ms, is left to chance; the first may have passed before.
  expect(performance.now() - beganAtMs).toBeGreaterThan(1_700)
  proxy.faults.refuses = false
  await isLive()
})
