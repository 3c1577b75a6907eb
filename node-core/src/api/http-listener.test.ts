import { expect, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import { errorBody } from '../contract/shapes.ts'
import { DEFAULT_DOOR_LIMITS } from './door-limits.ts'
import { openHttpListener } from './http-listener.ts'
import { createRecordingLog } from './test-support/recording-log.ts'

test('what an answer logs has the trace id that its error names, and each request has its own', async () => {
  const log = createRecordingLog()
  const listener = await openHttpListener({ host: '127.0.0.1', port: 0 }, DEFAULT_DOOR_LIMITS, log)
  listener.serve(async () => {
    await Promise.resolve()
    log.info('about_to_fail')
    throw new AppError('POST_NOT_FOUND', { postId: '0x01' })
  })
  const named: string[] = []
  for (const path of ['/one', '/two'])
    named.push(errorBody.parse(await (await fetch(`${listener.url}${path}`)).json()).trace_id)
  await listener.close()
  const logged = log.lines.filter(({ event }) => event === 'about_to_fail').map(({ fields }) => fields.trace_id)
  expect(logged).toEqual(named)
  expect(new Set(named).size).toBe(2)
})
