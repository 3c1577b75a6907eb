import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEventLog } from '../api/event-log.ts'
import { AppError } from '../base/app-error.ts'
import { systemClock } from '../base/clock.ts'
import type { JobInput } from '../store/jobs-table.ts'
import { openStore, type Store } from '../store/store.ts'
import { createLog, type Log, nullLog } from '../telemetry/log.ts'
import { createJobs, type Jobs, type JobWork } from './jobs.ts'

let store: Store
/** Inputs of the attempts, and of the tidying. */
let ran: JobInput[]
let tidied: JobInput[]
/** What the next attempts do; without one they succeed. */
let script: ((signal: AbortSignal) => Promise<Record<string, unknown>>)[]
beforeEach(() => {
  store = openStore(':memory:')
  ran = []
  tidied = []
  script = []
})
afterEach(() => store[Symbol.dispose]())

const WORK: JobWork = {
  firstStep: 'receive',
  async run(input, progress, signal) {
    ran.push(input)
    progress('work', 0.5)
    return (await script.shift()?.(signal)) ?? { ok: true }
  },
  async tidy(input) {
    tidied.push(input)
  },
}
const INPUT = { uploadId: 'u', byteLength: 3 }

function open(log: Log = nullLog): Jobs {
  const jobs = createJobs(
    { maxRunning: 2, retry: { baseMs: 1, maxMs: 2 } },
    { table: store.jobs, clock: systemClock, events: createEventLog({ capacity: 16 }), log },
  )
  jobs.define('publish', WORK)
  return jobs
}
const untilStop = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
const failing = (code: 'RPC_UNAVAILABLE' | 'POST_MISMATCH') => () => Promise.reject(new AppError(code))

test('a job goes on under a trace id of its own, and the call that started it tells of the job', async () => {
  const lines: Record<string, unknown>[] = []
  const log = createLog({ level: 'info', destination: { write: line => lines.push(JSON.parse(line)) } })
  await using jobs = open(log)
  script = [
    async () => {
      await Promise.resolve()
      log.info('at_work')
      return {}
    },
  ]
  const { jobId } = log.inTrace('ca11', () => jobs.start('publish', INPUT))
  await expect.poll(() => jobs.get(jobId).state).toBe('done')
  const own = jobId.replaceAll('-', '')
  expect(lines.map(({ event, trace_id, jobId: named }) => [event, trace_id, named])).toEqual([
    ['job_started', 'ca11', jobId],
    ['at_work', own, undefined],
    ['job_done', own, jobId],
  ])
})

test('what fails for a while is tried again with the same input; what fails for good is told, and both are tidied once', async () => {
  await using jobs = open()
  script = [failing('RPC_UNAVAILABLE'), failing('RPC_UNAVAILABLE')]
  const { jobId } = jobs.start('publish', INPUT)
  await expect.poll(() => jobs.get(jobId)).toMatchObject({ state: 'done', attempts: 3, result: { ok: true } })
  script = [failing('POST_MISMATCH')]
  const other = jobs.start('publish', INPUT)
  await expect.poll(() => jobs.get(other.jobId)).toMatchObject({ state: 'failed', error: { code: 'POST_MISMATCH' } })
  await expect.poll(() => tidied).toEqual([INPUT, INPUT])
  expect(ran).toEqual([INPUT, INPUT, INPUT, INPUT])
})

test('after ten attempts it is given up', async () => {
  await using jobs = open()
  script = Array.from({ length: 20 }, () => failing('RPC_UNAVAILABLE'))
  const { jobId } = jobs.start('publish', INPUT)
  await expect.poll(() => jobs.get(jobId)).toMatchObject({ state: 'failed', error: { code: 'RPC_UNAVAILABLE' } })
  expect(ran).toHaveLength(10)
})

test('a job that a stop broke off goes on after the next start, unless it was for another chain', async () => {
  script = [untilStop, untilStop]
  const first = open()
  const jobs = [first.start('publish', INPUT), first.start('publish', { ...INPUT, uploadId: 'v' })]
  await first[Symbol.asyncDispose]()
  expect([tidied, store.jobs.running().length]).toEqual([[], 2])
  await using second = open()
  second.takeUp(false)
  for (const { jobId } of jobs) await expect.poll(() => second.get(jobId)).toMatchObject({ state: 'done', attempts: 2 })
  script = [untilStop]
  const { jobId } = second.start('publish', INPUT)
  await second[Symbol.asyncDispose]()
  const third = open()
  third.takeUp(true)
  expect(third.get(jobId)).toMatchObject({ state: 'failed', error: { code: 'NODE_STOPPING' } })
  await expect.poll(() => tidied).toHaveLength(3)
})

test('a cancelled job ends also while it waits for its next attempt', async () => {
  await using jobs = createJobs(
    { maxRunning: 2 },
    { table: store.jobs, clock: systemClock, events: createEventLog({ capacity: 16 }), log: nullLog },
  )
  jobs.define('publish', {
    ...WORK,
    async run(_, __, signal) {
      signal.throwIfAborted()
      throw new AppError('RPC_UNAVAILABLE')
    },
  })
  const { jobId } = jobs.start('publish', INPUT)
  expect((await jobs.cancel(jobId)).state).toBe('cancelled')
})

test('a job that did what cannot be taken back goes to its end though it is cancelled', async () => {
  await using jobs = open()
  let isSigned = false
  const { promise: answer, resolve } = Promise.withResolvers<Record<string, unknown>>()
  jobs.define('publish', {
    ...WORK,
    isBeyondCancel: () => isSigned,
    run: async (_, __, signal) => raceStop(answer, signal),
  })
  const early = jobs.start('publish', INPUT)
  expect((await jobs.cancel(early.jobId)).state).toBe('cancelled')
  const late = jobs.start('publish', INPUT)
  isSigned = true
  const cancelled = jobs.cancel(late.jobId)
  resolve({ txHash: '0x01' })
  expect(await cancelled).toMatchObject({ state: 'done', result: { txHash: '0x01' } })
})

const raceStop = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => Promise.race([work, untilStop(signal)])

test('of ended jobs only the latest are kept', () => {
  for (let at = 0; at < 5; at += 1) store.jobs.insert({ jobId: `${at}`, kind: 'publish', step: 's', input: {} }, at)
  for (const jobId of ['1', '2', '3', '4']) store.jobs.end(jobId, { state: 'done' }, 9)
  store.jobs.trim(2)
  expect(store.jobs.recent(9).map(each => each.jobId)).toEqual(['4', '3', '0'])
})
