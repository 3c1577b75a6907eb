import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEventLog } from '../api/event-log.ts'
import { systemClock } from '../base/clock.ts'
import { openStore, type Store } from '../store/store.ts'
import { createLog } from '../telemetry/log.ts'
import { createJobs } from './jobs.ts'

let store: Store
beforeEach(() => {
  store = openStore(':memory:')
})
afterEach(() => store[Symbol.dispose]())

test('a job goes on under a trace id of its own, and the call that started it tells of the job', async () => {
  const lines: Record<string, unknown>[] = []
  const log = createLog({ level: 'info', destination: { write: line => lines.push(JSON.parse(line)) } })
  await using jobs = createJobs(
    { maxRunning: 2 },
    { table: store.jobs, clock: systemClock, events: createEventLog({ capacity: 16 }), log },
  )
  const { jobId } = log.inTrace('ca11', () =>
    jobs.start('publish', 'receive', async () => {
      await Promise.resolve()
      log.info('at_work')
      return {}
    }),
  )
  await expect.poll(() => jobs.get(jobId).state).toBe('done')
  const own = jobId.replaceAll('-', '')
  expect(lines.map(({ event, trace_id, jobId: named }) => [event, trace_id, named])).toEqual([
    ['job_started', 'ca11', jobId],
    ['at_work', own, undefined],
    ['job_done', own, jobId],
  ])
})
