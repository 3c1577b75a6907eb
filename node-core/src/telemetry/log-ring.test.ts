import { expect, test } from 'vitest'
import { createFakeClock } from '../base/fake-clock.fixture.ts'
import { createLog, nullLog } from './log.ts'
import { createLogRing } from './log-ring.ts'

const all = () => true

test('the latest lines are remembered with their fields, redacted, and go on to the log', () => {
  const written: string[] = []
  const clock = createFakeClock()
  const ring = createLogRing({ capacity: 2 }, clock)
  const log = ring.remember(createLog({ level: 'info', destination: { write: line => void written.push(line) } }))
  log.info('first')
  log.debug('chatter')
  const child = log.child({ node: 'own' })
  child.warn('duty_failed', { duty: 'answer:x', privateKey: '0x1', wei: 5n })
  child.error('proof_rejected', { err: new Error('bad', { cause: new Error('worse') }) })
  const time = new Date(clock.now()).toISOString()
  expect(ring.lines(all, 9)).toMatchObject([
    { time, level: 'warn', event: 'duty_failed', node: 'own', duty: 'answer:x', privateKey: '[redacted]', wei: '5' },
    { level: 'error', event: 'proof_rejected', err: { message: 'bad', cause: { message: 'worse' } } },
  ])
  expect(written.map(line => JSON.parse(line).event)).toEqual(['first', 'duty_failed', 'proof_rejected'])
  expect(JSON.parse(written[1] ?? '')).toMatchObject({ node: 'own', duty: 'answer:x' })
})

test('lines are picked by their fields or by what their text mentions, and the latest of them given', () => {
  const ring = createLogRing({ capacity: 10 }, createFakeClock())
  const log = ring.remember(nullLog)
  for (const post of ['a', 'b', 'a', 'a']) log.info('seen', { key: `hold:${post}` })
  log.info('reorg')
  expect(ring.lines(line => line.text.includes('hold:a'), 2)).toHaveLength(2)
  expect(ring.lines(line => line.event === 'reorg', 2)).toHaveLength(1)
})

test('a line of any length takes little room', () => {
  const ring = createLogRing({ capacity: 10 }, createFakeClock())
  ring.remember(nullLog).warn('long', { duty: 'answer:x', stack: 'x'.repeat(100_000) })
  const [line] = ring.lines(all, 1)
  expect(line).toMatchObject({ event: 'long', duty: 'answer:x', isShortened: true })
  expect(JSON.stringify(line).length).toBeLessThan(4_000)
})
