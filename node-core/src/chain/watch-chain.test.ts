import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AppError } from '../base/app-error.ts'
import type { Db } from '../store/database.ts'
import { nullLog } from '../telemetry/log.ts'
import { createFakeChain, type FakeChain } from './fake-chain.fixture.ts'
import { derivedRows, freshSync, openTestDatabase, watch } from './watcher.fixture.ts'

let chain: FakeChain
let db: Db
beforeEach(() => {
  chain = createFakeChain()
  db = openTestDatabase()
})
afterEach(() => void db.close())

const headOf = (each: FakeChain) => each.branch.at(-1) ?? each.branch[0] ?? expect.fail('no block')
const extend = (each: FakeChain, blocks: number, every = 1) => {
  for (let at = 0; at < blocks; at += 1) each.extend(at % every === 0 ? 1 : 0)
}

const replace = (each: FakeChain, depth: number, blocks: number) => {
  each.drop(depth)
  extend(each, blocks)
}

test('after any history of blocks, reorgs and faults the derived rows are those of a fresh sync', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('extend'), logs: fc.nat({ max: 3 }) }),
    fc.record({ kind: fc.constant('burst'), blocks: fc.integer({ min: 30, max: 60 }) }),
    fc.record({
      kind: fc.constant('reorg'),
      depth: fc.integer({ min: 1, max: 10 }),
      growth: fc.integer({ min: 0, max: 3 }),
    }),
    fc.constant({ kind: 'settle' }),
    fc.constant({ kind: 'vanish' }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
      const own = createFakeChain()
      const ownDb = openTestDatabase()
      const options = { keepBlocks: 24, backfillRange: 8 }
      const { watcher, reached } = watch(own, ownDb, options)
      extend(own, 3)
      await watcher.start()
      for (const each of steps) {
        if ('logs' in each) own.extend(each.logs)
        else if ('blocks' in each) extend(own, each.blocks, 5)
        else if ('depth' in each) {
          const depth = Math.min(each.depth, own.branch.length - 1)
          own.drop(depth)
          extend(own, depth + each.growth, 2)
        } else if (each.kind === 'settle') await reached(() => headOf(own))
        // In the middle of whatever the watcher is asking, the branch changes under it.
        else
          own.onRequest = method => {
            if (method !== 'blockByHash' && method !== 'logsOfBlock' && method !== 'logsBetween') return
            own.onRequest = () => undefined
            own.drop(2)
            extend(own, 3, 2)
          }
      }
      own.onRequest = () => undefined
      await reached(() => headOf(own))
      await watcher[Symbol.asyncDispose]()
      expect(derivedRows(ownDb)).toEqual(await freshSync(own, options))
      expect(derivedRows(ownDb)).toHaveLength((await own.logsBetween(1, headOf(own).number)).length)
      ownDb.close()
    }),
    { numRuns: 150 },
  )
}, 30_000)

test('a crash between any two commits leaves a prefix that the next start completes', async () => {
  extend(chain, 40)
  for (let failAt = 1; ; failAt += 7) {
    const ownDb = openTestDatabase()
    let applied = 0
    const crashing = watch(chain, ownDb, {
      keepBlocks: 16,
      backfillRange: 8,
      onBlock(block, logs) {
        for (const { logIndex } of logs)
          ownDb.prepare('INSERT INTO seen VALUES (?, ?, ?, NULL)').run(block.hash, block.number, logIndex)
        applied += 1
        if (applied === failAt) throw new Error('crash')
      },
    })
    const started = crashing.watcher.start()
    await started.catch(() => undefined)
    await vi.waitFor(() => expect(crashing.watcher.state().lastError ?? crashing.blocks.head()?.number).toBeTruthy())
    await crashing.watcher[Symbol.asyncDispose]()
    const prefix = derivedRows(ownDb)
    const whole = await freshSync(chain)
    expect(prefix).toEqual(whole.slice(0, prefix.length))

    const restarted = watch(chain, ownDb, { keepBlocks: 16, backfillRange: 8 })
    await restarted.watcher.start()
    await restarted.reached(() => headOf(chain))
    await restarted.watcher[Symbol.asyncDispose]()
    expect(derivedRows(ownDb)).toEqual(whole)
    ownDb.close()
    if (failAt > 41) return
  }
})

test('a reorg undoes the newest block first and is told once, with its ancestor', async () => {
  const undone: number[] = []
  const onReorg = vi.fn()
  const { watcher, reached } = watch(chain, db, { onReorg, onUndo: block => undone.push(block.number) })
  extend(chain, 6)
  await watcher.start()
  await reached(() => headOf(chain))
  chain.drop(3)
  extend(chain, 5)
  await reached(() => headOf(chain))
  await watcher[Symbol.asyncDispose]()
  expect(undone).toEqual([6, 5, 4])
  expect(onReorg).toHaveBeenCalledOnce()
  expect(onReorg.mock.calls[0]?.[1]).toEqual(chain.branch[3])
})

test('blocks with events are kept for ever, others no deeper than the tail', async () => {
  const { watcher, reached, blocks } = watch(chain, db, { keepBlocks: 10 })
  extend(chain, 5)
  extend(chain, 40, 100)
  await watcher.start()
  await reached(() => headOf(chain))
  extend(chain, 8, 100)
  await reached(() => headOf(chain))
  await vi.waitFor(() => expect(blocks.at(40)).toBeUndefined())
  await watcher[Symbol.asyncDispose]()
  expect([0, 1, 5, 6, 43, 46].map(number => blocks.at(number)?.number)).toEqual([0, 1, 5, 6, 43, 46])
  expect(blocks.at(20)).toBeUndefined()
})

test('the range shrinks to what the endpoint allows, without a look that fails', async () => {
  chain.faults.maxRange = 20
  extend(chain, 300, 3)
  const asked: string[] = []
  chain.onRequest = method => void asked.push(method)
  const warn = vi.fn()
  const { watcher, reached } = watch(chain, db, { keepBlocks: 16, backfillRange: 100, log: { ...nullLog, warn } })
  await watcher.start()
  await reached(() => headOf(chain))
  await watcher[Symbol.asyncDispose]()
  expect(derivedRows(db)).toHaveLength(100)
  expect(warn).not.toHaveBeenCalled()
  expect(asked.filter(method => method === 'logsBetween').length).toBeLessThan(30) // 15 of 20 blocks, and the refused ones
})

test('an endpoint that is down does not make the range smaller', async () => {
  extend(chain, 300, 3)
  const asked: number[] = []
  const recording = {
    ...chain,
    logsBetween(from: number, to: number) {
      asked.push(to - from + 1)
      return asked.length <= 2
        ? Promise.reject(new AppError('RPC_UNAVAILABLE', { reason: 'no connection' }))
        : chain.logsBetween(from, to)
    },
  }
  const { watcher, reached } = watch(recording, db, { keepBlocks: 16, backfillRange: 100 })
  await watcher.start()
  await reached(() => headOf(chain))
  await watcher[Symbol.asyncDispose]()
  expect(asked.slice(0, 4)).toEqual([100, 100, 100, 100])
})

test('a range that changed while it was read is not applied', async () => {
  extend(chain, 100)
  const applied: boolean[] = []
  const onBlock = (block: { number: number; hash: string }) =>
    void applied.push(chain.branch[block.number]?.hash === block.hash)
  const { watcher, reached } = watch(chain, db, { keepBlocks: 16, backfillRange: 60, onBlock })
  chain.onRequest = method => {
    if (method !== 'logsBetween') return
    chain.onRequest = () => undefined
    chain.drop(60)
    extend(chain, 60, 60)
  }
  await watcher.start()
  await reached(() => headOf(chain))
  await watcher[Symbol.asyncDispose]()
  expect(applied).not.toContain(false)
})

test('a reorg while the node was away is undone before it catches up', async () => {
  const options = { keepBlocks: 16, backfillRange: 8 }
  extend(chain, 30)
  const first = watch(chain, db, options)
  await first.watcher.start()
  await first.reached(() => headOf(chain))
  await first.watcher[Symbol.asyncDispose]()
  chain.drop(4)
  extend(chain, 60, 2)
  const second = watch(chain, db, options)
  await second.watcher.start()
  await second.reached(() => headOf(chain))
  await second.watcher[Symbol.asyncDispose]()
  expect(derivedRows(db)).toEqual(await freshSync(chain, options))
})

test('an endpoint that is away is seen, waited for, and checked again when it is back', async () => {
  extend(chain, 3)
  const { watcher, reached } = watch(chain, db)
  await watcher.start()
  await reached(() => headOf(chain))
  chain.faults.isDown = true
  await vi.waitFor(() =>
    expect(watcher.state()).toMatchObject({ isReachable: false, lastError: { code: 'RPC_UNAVAILABLE' } }),
  )
  chain.faults.chainId = 1
  chain.faults.isDown = false
  chain.extend(1)
  await vi.waitFor(() => expect(watcher.state().lastError).toMatchObject({ code: 'CHAIN_ID_MISMATCH' }))
  expect(watcher.state().head?.number).toBe(3)
  chain.faults.chainId = 31_337
  await reached(() => headOf(chain))
  await vi.waitFor(() =>
    expect(watcher.state()).toMatchObject({ isReachable: true, lastError: undefined, lagBlocks: 0 }),
  )
  await watcher[Symbol.asyncDispose]()
})

test('the wrong chain is refused at start and nothing is stored', async () => {
  chain.faults.chainId = 5
  const { watcher, blocks } = watch(chain, db)
  await expect(watcher.start()).rejects.toMatchObject({
    code: 'CHAIN_ID_MISMATCH',
    data: { expected: 31_337, actual: 5 },
  })
  expect(blocks.head()).toBeUndefined()
  await watcher[Symbol.asyncDispose]()
})

test('an endpoint that lags behind changes nothing', async () => {
  extend(chain, 20)
  const onReorg = vi.fn()
  const { watcher, reached } = watch(chain, db, { keepBlocks: 8, onReorg })
  await watcher.start()
  await reached(() => headOf(chain))
  const rows = derivedRows(db)
  chain.faults.lagBlocks = 4
  await vi.waitFor(() => expect(watcher.state().lagBlocks).toBe(0))
  chain.faults.lagBlocks = 15
  await vi.waitFor(() =>
    expect(watcher.state().lastError).toMatchObject({ data: { reason: 'the endpoint is far behind' } }),
  )
  expect(derivedRows(db)).toEqual(rows)
  expect(onReorg).not.toHaveBeenCalled()
  await watcher[Symbol.asyncDispose]()
})

test.each([
  ['a reorg deeper than the tail', (each: FakeChain) => replace(each, 12, 14)],
  ['a branch that shares only the genesis block', (each: FakeChain) => replace(each, 100, 40)],
])('%s is told and, once the blocks are cleared, resynced', async (_, change) => {
  extend(chain, 30)
  const onTooDeep = vi.fn(() => blocks.clear())
  const { watcher, reached, blocks } = watch(chain, db, { keepBlocks: 8, onTooDeep })
  await watcher.start()
  await reached(() => headOf(chain))
  change(chain)
  await reached(() => headOf(chain))
  await watcher[Symbol.asyncDispose]()
  expect(onTooDeep).toHaveBeenCalledOnce()
  expect(onTooDeep.mock.calls[0]).toMatchObject([{ code: 'REORG_TOO_DEEP' }])
  expect(derivedRows(db)).toEqual(await freshSync(chain))
})

test('another history under the same chain id is refused at start', async () => {
  extend(chain, 5)
  const first = watch(chain, db)
  await first.watcher.start()
  await first.reached(() => headOf(chain))
  await first.watcher[Symbol.asyncDispose]()
  const other = createFakeChain()
  extend(other, 9)
  const shifted = { ...other, blockByNumber: (number: number) => other.blockByNumber(number + 1) }
  const second = watch(shifted, db)
  await expect(second.watcher.start()).rejects.toMatchObject({ code: 'REORG_TOO_DEEP' })
  await second.watcher[Symbol.asyncDispose]()
})

test('the head is told after the commit, again until it was heard, and at a start without a new block', async () => {
  extend(chain, 3)
  let refusals = 2
  const heard: number[] = []
  const onHead = (head: { number: number }) => {
    expect(db.inTransaction).toBe(false)
    if (refusals > 0) {
      refusals -= 1
      throw new Error('not now')
    }
    heard.push(head.number)
  }
  const first = watch(chain, db, { onHead })
  await first.watcher.start()
  await vi.waitFor(() => expect(heard).toEqual([3]))
  await first.watcher[Symbol.asyncDispose]()
  const second = watch(chain, db, { onHead })
  await second.watcher.start()
  await vi.waitFor(() => expect(heard).toEqual([3, 3]))
  await second.watcher[Symbol.asyncDispose]()
})

test('it stops at once while the endpoint hangs, and writes nothing afterwards', async () => {
  extend(chain, 3)
  const hanging = { ...chain, logsOfBlock: () => new Promise<undefined>(() => undefined) }
  const { watcher, blocks } = watch(hanging, db)
  await watcher.start()
  await vi.waitFor(() => expect(watcher.state().lagBlocks).toBe(3))
  await watcher[Symbol.asyncDispose]()
  expect(blocks.head()?.number).toBe(0)
})
