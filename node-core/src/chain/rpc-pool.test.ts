import { createPublicClient } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../base/clock.ts'
import type { Log, LogFields } from '../telemetry/log.ts'
import { createFakeChain, type FakeChain } from './fake-chain.fixture.ts'
import { poolTransport } from './pool-transport.ts'
import { createChainOver } from './rpc-chain.ts'
import type { RpcFailure } from './rpc-failure.ts'
import { createRpcPool, type RpcPoolOptions } from './rpc-pool.ts'
import { type StandIn, startStandIn } from './stand-in-rpc.fixture.ts'

const lines: (LogFields & { event: string })[] = []
const write = (event: string, fields: LogFields = {}) => void lines.push({ event, ...fields })
const log: Log = {
  debug: write,
  info: write,
  warn: write,
  error: write,
  child: () => log,
  inTrace: (_, work) => work(),
}

const SECRET = 'a1b2c3d4e5f6a7b8'
let resources: AsyncDisposableStack
let chain: FakeChain
beforeEach(() => {
  resources = new AsyncDisposableStack()
  lines.length = 0
  chain = createFakeChain()
  for (let at = 0; at < 20; at += 1) chain.extend(2)
})
afterEach(async () => {
  await resources.disposeAsync()
  expect(JSON.stringify(lines)).not.toContain(SECRET)
})

const start = async (count: number): Promise<StandIn[]> =>
  Promise.all(Array.from({ length: count }, async () => resources.use(await startStandIn(chain, `/v3/${SECRET}`))))

function open(standIns: readonly StandIn[], options: Partial<RpcPoolOptions> = {}) {
  const urls = standIns.map(each => each.url)
  const pool = resources.use(
    createRpcPool({ urls, chainId: 31_337, timeoutMs: 300, compareMs: 0, ...options }, { clock: systemClock, log }),
  )
  return { pool, source: createChainOver(pool, []) }
}

const standings = (pool: { state(): readonly { standing: string }[] }) => pool.state().map(each => each.standing)
/** Of endpoints that were asked for this. */
const askedFor = (standIns: readonly StandIn[], method: string) => standIns.map(each => each.asked.includes(method))

/** Another branch from `depth` below the head on, as high as this one and more. */
function forkOf(original: FakeChain, depth: number, more: number): FakeChain {
  const fork = createFakeChain()
  const branch = [...original.branch]
  for (let at = 1; at < branch.length; at += 1) fork.extend(2)
  fork.drop(depth)
  for (let at = 0; at < depth + more; at += 1) {
    fork.extend(0)
    fork.drop(1) // so that its hashes differ from the original's
    fork.extend(0)
  }
  return fork
}

test('one endpoint alone is asked again after a failure, left alone for a while, and asked again', async () => {
  const [only] = await start(1)
  const { pool, source } = open([only ?? expect.fail()])
  expect((await source.head()).number).toBe(20)
  if (only !== undefined) only.faults.status = 429
  await expect(source.head()).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE', data: { reason: 'HTTP 429' } })
  expect(pool.state()[0]).toMatchObject({ breaker: { kind: 'open' }, failures: { total: 3 } })
  await expect(source.head()).rejects.toMatchObject({ data: { reason: 'no endpoint can be asked now' } })
  if (only !== undefined) only.faults.status = 200
  await expect
    .poll(
      () =>
        source.head().then(
          head => head.number,
          () => 0,
        ),
      { timeout: 5_000 },
    )
    .toBe(20)
  expect(pool.state()[0]).toMatchObject({ breaker: { kind: 'closed' } })
})

test('the head goes on when the machine’s clock is set back by hours', async () => {
  const standIns = await start(2)
  let setBackMs = 0
  const clock = { ...systemClock, now: () => Date.now() - setBackMs }
  const urls = standIns.map(each => each.url)
  const pool = resources.use(createRpcPool({ urls, chainId: 31_337, timeoutMs: 300, compareMs: 10 }, { clock, log }))
  const source = createChainOver(pool, [])
  expect((await source.head()).number).toBe(20)
  setBackMs = 6 * 3_600_000
  chain.extend(0)
  await expect.poll(async () => (await source.head()).number).toBe(21)
})

test.each<[string, RpcFailure, (faults: StandIn['faults']) => void]>([
  ['is down', 'connection', faults => (faults.isDown = true)],
  ['hangs', 'timeout', faults => (faults.delayMs = 5_000)],
  ['is over its limit', 'busy', faults => (faults.status = 429)],
  ['fails', 'http', faults => (faults.status = 500)],
  ['refuses', 'http', faults => (faults.status = 403)],
  ['talks nonsense', 'unusable', faults => (faults.isGarbage = true)],
])('while the preferred endpoint %s (%s) the next one answers, and its breaker opens', async (_, failure, harm) => {
  const [first, second] = await start(2)
  if (first === undefined || second === undefined) expect.fail()
  const told: string[] = []
  const { pool, source } = open([first, second], { onFailure: (host, kind) => void told.push(`${host} ${kind}`) })
  await source.blockByNumber(7)
  expect(askedFor([first, second], 'eth_getBlockByNumber')).toEqual([true, true])
  harm(first.faults)
  expect((await source.blockByNumber(7))?.number).toBe(7)
  for (let at = 0; at < 3; at += 1) expect((await source.head()).number).toBe(20)
  expect((await source.logsBetween(3, 5)).length).toBe(6)
  await expect.poll(() => source.head().then(() => pool.state()[0]?.breaker.kind)).not.toBe('closed')
  expect(pool.state()[1]).toMatchObject({
    breaker: { kind: 'closed' },
    failures: { total: 0, last: undefined },
    standing: 'good',
    head: 20,
  })
  expect(pool.state()[0]?.failures.last?.failure).toBe(failure)
  expect(new Set(told)).toEqual(new Set([`${new URL(first.url).host} ${failure}`]))
})

test('one alone is silent until it answers, and again when it does not', async () => {
  const [only] = await start(1)
  if (only === undefined) expect.fail()
  const { pool, source } = open([only])
  expect(standings(pool)).toEqual(['silent'])
  await source.head()
  expect(standings(pool)).toEqual(['good'])
  only.faults.status = 500
  await expect(source.blockByNumber(1)).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
  expect(standings(pool)).toEqual(['silent'])
})

test('an endpoint that comes back is asked first again', async () => {
  const [first, second] = await start(2)
  if (first === undefined || second === undefined) expect.fail()
  const { pool, source } = open([first, second])
  first.faults.isDown = true
  for (let at = 0; at < 4; at += 1) await source.head()
  expect(standings(pool)).toEqual(['silent', 'good'])
  first.faults.isDown = false
  await expect.poll(() => source.head().then(() => standings(pool)), { timeout: 8_000 }).toEqual(['good', 'good'])
  first.asked.length = 0
  await source.nonceOf('0x00', 'latest')
  expect(first.asked).toEqual(['eth_getTransactionCount'])
})

test('an endpoint of another chain is out until it serves the right one, and nothing that it says is used', async () => {
  const [wrong, right] = await start(2)
  if (wrong === undefined || right === undefined) expect.fail()
  wrong.faults.chainId = 1
  let leapMs = 0
  const clock = { ...systemClock, elapsedMs: () => performance.now() + leapMs }
  const urls = [wrong, right].map(each => each.url)
  const pool = resources.use(createRpcPool({ urls, chainId: 31_337, timeoutMs: 300, compareMs: 0 }, { clock, log }))
  const source = createChainOver(pool, [])
  expect((await source.head()).number).toBe(20)
  expect(wrong.asked).toEqual(['eth_chainId'])
  expect(lines).toContainEqual(
    expect.objectContaining({ event: 'rpc_endpoint_out', host: new URL(wrong.url).host, expected: 31_337, actual: 1 }),
  )
  wrong.faults.chainId = 31_337
  for (let at = 0; at < 3; at += 1) await source.head()
  await pool.ask('eth_sendRawTransaction', ['0x00'])
  expect(wrong.asked).toEqual(['eth_chainId'])
  expect(standings(pool)).toEqual(['out', 'good'])
  wrong.faults.chainId = 1
  leapMs = 61_000
  await source.head()
  expect(wrong.asked).toEqual(['eth_chainId', 'eth_chainId'])
  expect(lines.filter(each => Object(each).event === 'rpc_endpoint_out')).toHaveLength(1)
  wrong.faults.chainId = 31_337
  leapMs = 122_000
  await expect.poll(() => source.head().then(() => standings(pool))).toEqual(['good', 'good'])
})

test('another chain that answers after a failure is found out before it is believed', async () => {
  const [only] = await start(1)
  if (only === undefined) expect.fail()
  const { source } = open([only])
  await source.head()
  only.faults.status = 500
  await expect(source.blockByNumber(1)).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
  only.faults.status = 200
  only.faults.chainId = 5
  only.asked.length = 0
  await expect
    .poll(
      () =>
        source.head().then(
          () => 'answered',
          error => error.code,
        ),
      { timeout: 5_000 },
    )
    .toBe('CHAIN_ID_MISMATCH')
  expect(new Set(only.asked)).toEqual(new Set(['eth_chainId']))
  await expect(source.head()).rejects.toMatchObject({
    code: 'CHAIN_ID_MISMATCH',
    data: { expected: 31_337, actual: 5 },
  })
})

test('an endpoint far behind is asked neither for heads nor for logs until it has caught up', async () => {
  const [late, next] = await start(2)
  if (late === undefined || next === undefined) expect.fail()
  late.faults.lagBlocks = 4
  const { pool, source } = open([late, next])
  expect((await source.head()).number).toBe(20)
  expect(standings(pool)).toEqual(['behind', 'good'])
  await source.logsBetween(1, 2)
  expect(askedFor([late, next], 'eth_getLogs')).toEqual([false, true])
  next.faults.isDown = true
  await expect(source.logsBetween(1, 2)).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
  expect(late.asked).not.toContain('eth_getLogs')
  // What does not depend on the newest blocks it may still answer.
  expect((await source.blockByNumber(3))?.number).toBe(3)
  next.faults.isDown = false
  late.faults.lagBlocks = 3
  await expect
    .poll(
      () =>
        source.head().then(
          () => standings(pool),
          () => [],
        ),
      { timeout: 5_000 },
    )
    .toEqual(['good', 'good'])
})

test('a chain of blocks that one of three shows alone is not believed', async () => {
  const standIns = await start(3)
  const [liar] = standIns
  if (liar === undefined) expect.fail()
  liar.chain = forkOf(chain, 5, 2)
  const { pool, source } = open(standIns)
  expect(await source.head()).toEqual(chain.branch[20])
  expect(standings(pool)).toEqual(['disputed', 'good', 'good'])
  liar.asked.length = 0
  await source.blockByNumber(19)
  await source.logsBetween(17, 19)
  expect(liar.asked).toEqual([])
  expect(lines).toContainEqual(expect.objectContaining({ event: 'rpc_endpoint_disputed' }))
  liar.chain = chain
  await source.head()
  expect(standings(pool)).toEqual(['good', 'good', 'good'])
})

test('a head far above the others is not believed of one alone', async () => {
  const standIns = await start(3)
  const [liar] = standIns
  const top = chain.branch[20]
  if (liar === undefined || top === undefined) expect.fail()
  liar.faults.head = { ...top, number: 1_000_000 }
  const { source } = open(standIns)
  expect((await source.head()).number).toBe(20)
})

test.each([2, 3])('logs that the preferred of %i endpoints misses are taken from the others', async count => {
  const standIns = await start(count)
  if (standIns[0] !== undefined) standIns[0].faults.losesLogs = true
  const { source } = open(standIns)
  const head = await source.head()
  expect(await source.logsOfBlock(head.hash)).toHaveLength(2)
  expect(await source.logsBetween(1, 10)).toHaveLength(20)
  expect(lines).toContainEqual(expect.objectContaining({ event: 'rpc_logs_differ', agreement: 'firstMisses' }))
})

test('logs that one of three makes up are not believed', async () => {
  const standIns = await start(3)
  const { source } = open(standIns)
  const head = await source.head()
  const forger = createFakeChain()
  const more = async () => [...((await chain.logsOfBlock(head.hash)) ?? []), ...forged]
  const forged = (await chain.logsOfBlock(head.hash))?.map(each => ({ ...each, logIndex: each.logIndex + 9 })) ?? []
  if (standIns[0] !== undefined) standIns[0].chain = { ...forger, branch: chain.branch, logsOfBlock: more }
  expect(await source.logsOfBlock(head.hash)).toHaveLength(2)
})

test('a transaction goes to all, and one acceptance is enough', async () => {
  const standIns = await start(4)
  const [down, refusing, , behind] = standIns
  if (down === undefined || refusing === undefined || behind === undefined) expect.fail()
  const { source } = open(standIns)
  await source.head()
  down.faults.isDown = true
  refusing.faults.sendError = { code: -32000, message: 'nonce too low' }
  behind.faults.lagBlocks = 9
  expect(await source.broadcast('0x00')).toEqual({ kind: 'accepted' })
  await expect.poll(() => askedFor(standIns, 'eth_sendRawTransaction')).toEqual([false, true, true, true])
})

test('of refusals the one that judges the transaction is told', async () => {
  const standIns = await start(3)
  const errors = [
    { code: -32000, message: 'txpool is full' },
    { code: -32000, message: 'nonce too low' },
    { code: -32000, message: 'intrinsic gas too low' },
  ]
  for (const [at, each] of standIns.entries()) each.faults.sendError = errors[at]
  const { source } = open(standIns)
  expect(await source.broadcast('0x00')).toEqual({ kind: 'nonceTaken', reason: 'nonce too low' })
})

test('when nobody answers it says so in bounded time, and recovers', async () => {
  const standIns = await start(3)
  const { source } = open(standIns)
  await source.head()
  for (const each of standIns) each.faults.delayMs = 5_000
  const startedMs = Date.now()
  await expect(source.blockByNumber(1)).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
  expect(Date.now() - startedMs).toBeLessThan(5_000)
  for (const each of standIns) each.faults.delayMs = 0
  await expect
    .poll(
      () =>
        source.head().then(
          head => head.number,
          () => 0,
        ),
      { timeout: 8_000 },
    )
    .toBe(20)
})

test('a range that is too wide is told at once and counts against nobody, whatever its code', async () => {
  const standIns = await start(2)
  const message = 'query returned more than 10000 results'
  for (const each of standIns) each.faults.logsError = { code: -32005, message }
  const { pool, source } = open(standIns)
  await source.head()
  await expect(source.logsBetween(1, 20)).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE', data: { reason: message } })
  expect(standIns[0]?.asked.filter(each => each === 'eth_getLogs')).toHaveLength(1)
  expect(pool.state().map(each => each.failures.total)).toEqual([0, 0])
})

test('what an endpoint says of a key is not repeated', async () => {
  const [only] = await start(1)
  if (only === undefined) expect.fail()
  only.faults.sendError = { code: -32000, message: `the key ${SECRET} is not allowed to send` }
  const { source } = open([only])
  expect(await source.broadcast('0x00')).toEqual({ kind: 'refused', reason: 'the key *** is not allowed to send' })
})

test('an endpoint that became slow is asked after a fast one', async () => {
  const [first, second] = await start(2)
  if (first === undefined || second === undefined) expect.fail()
  const { pool, source } = open([first, second], { timeoutMs: 2_000, compareMs: 60_000 })
  await source.head()
  first.faults.delayMs = 600
  for (let at = 0; at < 4; at += 1) await source.nonceOf('0x00', 'latest')
  expect(askedFor([first, second], 'eth_getTransactionCount')).toEqual([true, true])
  expect(pool.state()[0]?.latencyMs).toBeGreaterThan(250)
})

test('viem asks through the same endpoints', async () => {
  const [first, second] = await start(2)
  if (first === undefined || second === undefined) expect.fail()
  const { pool } = open([first, second])
  const client = createPublicClient({ transport: poolTransport(pool), cacheTime: 0 })
  first.faults.status = 500
  expect(await client.getBlockNumber()).toBe(20n)
  expect(await client.getTransactionCount({ address: `0x${'11'.repeat(20)}` })).toBe(1)
  second.faults.status = 500
  const failure = await client.getGasPrice().catch((error: Error) => error)
  expect(String(failure)).not.toContain(SECRET)
  expect(failure).toBeInstanceOf(Error)
})

test('a pool has at least one endpoint and no more than eight', () => {
  const url = 'http://127.0.0.1:1'
  const make = (count: number) =>
    createRpcPool(
      { urls: Array.from({ length: count }, () => url), chainId: 1, timeoutMs: 1 },
      { clock: systemClock, log },
    )
  expect(() => make(0)).toThrow('CONFIG_INVALID')
  expect(() => make(9)).toThrow('CONFIG_INVALID')
  make(8)[Symbol.dispose]()
})

test('heads are compared no more often than asked for, and at once when somebody tells of a new one', async () => {
  const standIns = await start(2)
  const { pool, source } = open(standIns, { compareMs: 600_000 })
  expect((await source.head()).number).toBe(20)
  chain.extend(1)
  expect((await source.head()).number).toBe(20)
  pool.expectHead()
  expect((await source.head()).number).toBe(21)
})

test('a transaction is unknown only when no endpoint that answers knows it', async () => {
  const standIns = await start(3)
  const { source } = open(standIns)
  await source.head()
  const know = (...who: boolean[]) => {
    for (const [at, standIn] of standIns.entries()) standIn.faults.knowsTransactions = who[at] === true
  }
  const hash = `0x${'ab'.repeat(32)}` as const
  know(true, false, false)
  expect(await source.isKnown(hash)).toBe(true)
  know(false, false, true)
  expect(await source.isKnown(hash)).toBe(true)
  know(false, false, false)
  expect(await source.isKnown(hash)).toBe(false)
  const [first, second] = standIns
  if (first !== undefined) first.faults.isDown = true
  if (second !== undefined) second.faults.delayMs = 60_000
  expect(await source.isKnown(hash)).toBe(false)
  know(false, false, true)
  expect(await source.isKnown(hash)).toBe(true)
})
