import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EMITTER, startTestAnvil } from '../devnet/anvil.fixture.ts'
import { createRpcChain } from './rpc-chain.ts'
import { derivedRows, freshSync, openTestDatabase, watch } from './watcher.fixture.ts'

test('through random reorgs of a real chain the derived rows stay those of a fresh sync', async () => {
  await using anvil = await startTestAnvil({ maxReorgDepth: 64 })
  using chain = createRpcChain({ url: anvil.url, addresses: [EMITTER], timeoutMs: 5_000 })
  const db = openTestDatabase()
  const { watcher, reached } = watch(chain, db)
  await anvil.mine(66)
  await watcher.start()
  let topic = 0
  const emitNext = async () => {
    topic += 1
    await anvil.emit(topic)
  }
  const rounds = fc.sample(
    fc.record({
      blocks: fc.integer({ min: 0, max: 5 }),
      depth: fc.integer({ min: 1, max: 64 }),
      isSettled: fc.boolean(),
    }),
    { numRuns: 12, seed: Math.floor(Math.random() * 2 ** 31) },
  )
  for (const { blocks, depth, isSettled } of rounds) {
    for (let block = 0; block < blocks; block += 1) {
      for (let count = 0; count <= block % 3; count += 1) await emitNext()
      await anvil.mine(1)
    }
    if (isSettled) await reached(() => chain.head())
    await anvil.reorg(depth)
  }
  await emitNext()
  await anvil.mine(1)
  await reached(() => chain.head())
  await watcher[Symbol.asyncDispose]()
  expect(derivedRows(db), JSON.stringify(rounds)).toEqual(await freshSync(chain))
  expect(derivedRows(db), JSON.stringify(rounds)).toHaveLength(
    (await chain.logsBetween(1, await anvil.blockNumber())).length,
  )
  db.close()
}, 20_000)

test('a chain that was restarted under the same id and port is noticed', async () => {
  const first = await startTestAnvil()
  const { port } = first
  using chain = createRpcChain({ url: first.url, addresses: [EMITTER], timeoutMs: 1_000, retries: 0 })
  const db = openTestDatabase()
  let told = 0
  const startBlock = 3 // stands on block 2, the first that differs: chains of the same second begin alike
  const { watcher, reached, blocks } = watch(chain, db, {
    startBlock,
    onTooDeep: () => {
      told += 1
      blocks.clear()
    },
  })
  await first.emit(1)
  await first.mine(3)
  await watcher.start()
  await reached(() => chain.head())
  await first[Symbol.asyncDispose]()
  await using second = await startTestAnvil({ port })
  for (const topic of [2, 3]) {
    await second.emit(topic)
    await second.mine(2)
  }
  expect(second.port).toBe(port)
  await reached(() => chain.head())
  await watcher[Symbol.asyncDispose]()
  expect(told).toBe(1)
  expect(derivedRows(db)).toEqual(await freshSync(chain, { startBlock }))
  expect(derivedRows(db)).toHaveLength(1)
  db.close()
}, 20_000)
