import { expect, test } from 'vitest'
import { createFakeClock } from '../base/fake-clock.fixture.ts'
import { type Log, nullLog } from '../telemetry/log.ts'
import { startBlockProducer } from './block-producer.ts'

const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

function start(change: { mine?: () => Promise<void>; isNeeded?: () => Promise<boolean>; log?: Log } = {}) {
  const clock = createFakeClock()
  const counts = { mined: 0 }
  const mine = async (): Promise<void> => {
    counts.mined += 1
  }
  const producer = startBlockProducer({ intervalMs: 1_000 }, { mine, clock, log: nullLog, ...change })
  return { clock, counts, producer }
}

test('a block comes at the start and then in each interval', async () => {
  const { clock, counts, producer } = start()
  for (let blocks = 1; blocks <= 5; blocks += 1) {
    await settle()
    expect(counts.mined).toBe(blocks)
    clock.advance(999)
    await settle()
    expect(counts.mined).toBe(blocks)
    clock.advance(1)
  }
  await producer[Symbol.asyncDispose]()
})

test('the time that mining takes is part of the interval', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let mined = 0
  const mine = (): Promise<void> => {
    mined += 1
    return mined === 1 ? promise : Promise.resolve()
  }
  const { clock, producer } = start({ mine })
  clock.advance(700)
  resolve()
  await settle()
  clock.advance(300)
  await settle()
  expect(mined).toBe(2)
  await producer[Symbol.asyncDispose]()
})

test('no block is added while others come', async () => {
  let isNeeded = false
  const { clock, counts, producer } = start({ isNeeded: async () => isNeeded })
  await settle()
  clock.advance(1_000)
  await settle()
  expect(counts.mined).toBe(0)
  isNeeded = true
  clock.advance(1_000)
  await settle()
  expect(counts.mined).toBe(1)
  await producer[Symbol.asyncDispose]()
})

test('a chain that does not answer is logged and asked again', async () => {
  const events: string[] = []
  const log = { ...nullLog, warn: (event: string) => void events.push(event) }
  let mined = 0
  const mine = async (): Promise<void> => {
    mined += 1
    if (mined < 3) throw new Error('down')
  }
  const { clock, producer } = start({ mine, log })
  for (let look = 0; look < 3; look += 1) {
    await settle()
    clock.advance(1_000)
  }
  await settle()
  expect([mined, events.length]).toEqual([4, 2])
  await producer[Symbol.asyncDispose]()
})

test('stopping waits for the block that is being mined and mines no other', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let mined = 0
  const { clock, producer } = start({
    mine() {
      mined += 1
      return promise
    },
  })
  let hasStopped = false
  const stopped = producer[Symbol.asyncDispose]().then(() => {
    hasStopped = true
  })
  await settle()
  expect(hasStopped).toBe(false)
  resolve()
  await stopped
  clock.advance(10_000)
  await settle()
  expect([mined, clock.sleeping()]).toEqual([1, 0])
})
