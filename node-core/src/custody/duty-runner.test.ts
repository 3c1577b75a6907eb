import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import { createFakeClock } from '../base/fake-clock.fixture.ts'
import { createLog, type Log, nullLog } from '../telemetry/log.ts'
import { createDutyRunner } from './duty-runner.ts'

function open(change: { maxRunning?: number } = {}, log: Log = nullLog) {
  const clock = createFakeClock()
  const failures: string[] = []
  const runner = createDutyRunner(
    { maxRunning: 10, firstPauseMs: 100, longestPauseMs: 1_000, ...change },
    { clock, log, onFailure: (key, code) => failures.push(`${key} ${code}`) },
  )
  return { clock, runner, failures }
}

/** Lets everything run that waits for nothing but its turn. */
const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
const fail = (): Promise<void> => Promise.reject(new AppError('IPFS_TIMEOUT'))

test('a duty that runs is not started again, and can be started again once it ended', async () => {
  const { runner } = open()
  const { promise, resolve } = Promise.withResolvers<void>()
  let starts = 0
  const duty = (): Promise<void> => {
    starts += 1
    return promise
  }
  runner.run('a', {}, duty)
  runner.run('a', {}, duty)
  expect([starts, runner.runningCount()]).toEqual([1, 1])
  resolve()
  await settle()
  expect(runner.runningCount()).toBe(0)
  runner.run('a', {}, duty)
  expect(starts).toBe(2)
})

test('no more run at once than allowed, and the rest is not remembered', async () => {
  const { runner } = open({ maxRunning: 2 })
  const { promise, resolve } = Promise.withResolvers<void>()
  const started: string[] = []
  for (const key of ['a', 'b', 'c'])
    runner.run(key, {}, () => {
      started.push(key)
      return promise
    })
  expect([started, runner.isFull()]).toEqual([['a', 'b'], true])
  resolve()
  await settle()
  expect([started, runner.isFull()]).toEqual([['a', 'b'], false])
})

test('a pause lasts no longer when the machine’s clock is set back', async () => {
  const { runner, clock, failures } = open()
  runner.run('a', {}, fail)
  await settle()
  clock.setBack(3_600_000)
  clock.advance(100)
  runner.run('a', {}, fail)
  await settle()
  expect(failures).toHaveLength(2)
})

test('after each failure a duty pauses longer, up to the longest pause, and always for at least half of it', async () => {
  const { runner, clock, failures } = open()
  for (const pauseMs of [100, 200, 400, 800, 1_000, 1_000]) {
    const before = failures.length
    runner.run('a', {}, fail)
    await settle()
    expect(failures).toHaveLength(before + 1)
    clock.advance(pauseMs / 2 - 1)
    runner.run('a', {}, fail)
    await settle()
    expect(failures).toHaveLength(before + 1)
    clock.advance(pauseMs / 2 + 1)
  }
  expect(failures[0]).toBe('a IPFS_TIMEOUT')
})

test('a success ends the pauses', async () => {
  const { runner, clock, failures } = open()
  for (let at = 0; at < 4; at += 1) {
    runner.run('a', {}, fail)
    await settle()
    clock.advance(1_000)
  }
  runner.run('a', {}, () => Promise.resolve())
  await settle()
  runner.run('a', {}, fail)
  await settle()
  clock.advance(100)
  runner.run('a', {}, fail)
  await settle()
  expect(failures).toHaveLength(6)
})

test('a pause of one duty holds up no other', async () => {
  const { runner, failures } = open()
  runner.run('a', {}, fail)
  runner.run('b', {}, fail)
  await settle()
  expect(failures.map(each => each[0])).toEqual(['a', 'b'])
})

test('whatever fails and succeeds, a duty never runs beside itself', async () => {
  const plan = fc.array(fc.record({ key: fc.constantFrom('a', 'b'), isGood: fc.boolean(), waitMs: fc.nat(600) }), {
    maxLength: 60,
  })
  await fc.assert(
    fc.asyncProperty(plan, async steps => {
      const { runner, clock } = open()
      const running = new Map<string, number>()
      for (const { key, isGood, waitMs } of steps) {
        runner.run(key, {}, async () => {
          running.set(key, (running.get(key) ?? 0) + 1)
          expect(running.get(key)).toBe(1)
          await settle()
          running.set(key, 0)
          if (!isGood) throw new AppError('TIMEOUT')
        })
        clock.advance(waitMs)
        if (waitMs % 2 === 0) await settle()
      }
      await runner[Symbol.asyncDispose]()
    }),
    { numRuns: 40 },
  )
})

test('stopping ends what runs, waits for it, tells of no failure and starts nothing any more', async () => {
  const { runner, failures } = open()
  let hasEnded = false
  runner.run('a', {}, async signal => {
    await new Promise(resolve => signal.addEventListener('abort', resolve))
    await settle()
    hasEnded = true
    signal.throwIfAborted()
  })
  await runner[Symbol.asyncDispose]()
  expect([hasEnded, runner.runningCount(), failures]).toEqual([true, 0, []])
  runner.run('b', {}, () => {
    throw new Error('started')
  })
  expect(runner.runningCount()).toBe(0)
})

test('a duty that throws before it waits for anything is a failed duty, not a failed head', async () => {
  const { runner, failures } = open()
  runner.run('a', {}, () => {
    throw new AppError('KEY_REQUIRED')
  })
  await settle()
  expect(failures).toEqual(['a KEY_REQUIRED'])
})

test('what one attempt at a duty logs has one trace id, and no other attempt has it', async () => {
  const lines: Record<string, unknown>[] = []
  const log = createLog({ level: 'debug', destination: { write: line => lines.push(JSON.parse(line)) } })
  const { runner, clock } = open({}, log)
  const duty = async (): Promise<void> => {
    await settle()
    log.info('at_work')
    await settle()
    throw new AppError('IPFS_TIMEOUT')
  }
  runner.run('a', {}, duty)
  runner.run('b', {}, duty)
  await expect.poll(() => runner.runningCount()).toBe(0)
  clock.advance(1_000)
  runner.run('a', {}, duty)
  await expect.poll(() => runner.runningCount()).toBe(0)
  const traces = Map.groupBy(lines, line => line.trace_id)
  expect([...traces.keys()].every(id => /^[0-9a-f]{32}$/.test(String(id)))).toBe(true)
  expect([...traces.values()].map(each => each.map(line => line.event))).toEqual(
    Array.from({ length: 3 }, () => ['duty_started', 'at_work', 'duty_failed']),
  )
})
