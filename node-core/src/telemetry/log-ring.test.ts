import { expect, test } from 'vitest'
import { createFakeClock } from '../base/fake-clock.fixture.ts'
import { createLog, nullLog } from './log.ts'
import { createLogRing } from './log-ring.ts'

const all = () => true

test('the latest lines are remembered with their fields, redacted, and go on to the log', () => {
  const written: string[] = []
  const clock = createFakeClock()
  const ring = createLogRing({ capacityBytes: 10_000 }, clock)
  const log = ring.remember(createLog({ level: 'info', destination: { write: line => void written.push(line) } }))
  log.info('first')
  log.debug('chatter')
  const child = log.child({ node: 'own' })
  child.warn('duty_failed', { duty: 'answer:x', privateKey: '0x1', wei: 5n })
  child.error('proof_rejected', { err: new Error('bad', { cause: new Error('worse') }) })
  const time = new Date(clock.now()).toISOString()
  expect(ring.lines(all, 2)).toMatchObject([
    { time, level: 'warn', event: 'duty_failed', node: 'own', duty: 'answer:x', privateKey: '[redacted]', wei: '5' },
    { level: 'error', event: 'proof_rejected', err: { message: 'bad', cause: { message: 'worse' } } },
  ])
  expect(written.map(line => JSON.parse(line).event)).toEqual(['first', 'duty_failed', 'proof_rejected'])
  expect(JSON.parse(written[1] ?? '')).toMatchObject({ node: 'own', duty: 'answer:x' })
})

test('it holds bytes, not lines: many short ones, or few long ones, and the oldest go', () => {
  const count = (fieldChars: number): number => {
    const ring = createLogRing({ capacityBytes: 64_000 }, createFakeClock())
    const log = ring.remember(nullLog)
    for (let at = 0; at < 2_000; at += 1) log.info('line', { at, field: 'ü'.repeat(fieldChars) })
    const lines = ring.lines(all, 9_999)
    expect(lines.at(-1)).toMatchObject({ at: 1_999 })
    expect(lines.map(line => line.at)).toEqual(lines.map((_, at) => 2_000 - lines.length + at))
    const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(JSON.stringify(line)), 0)
    expect(bytes).toBeLessThanOrEqual(64_000)
    expect(bytes).toBeGreaterThan(50_000)
    return lines.length
  }
  expect(count(1)).toBeGreaterThan(500)
  expect(count(1_000)).toBeLessThan(32)
})

test('lines are picked by their fields or by what their text mentions, and the latest of them given', () => {
  const ring = createLogRing({ capacityBytes: 100_000 }, createFakeClock())
  const log = ring.remember(nullLog)
  for (const post of ['a', 'b', 'a', 'a']) log.info('seen', { key: `hold:${post}` })
  log.info('reorg')
  expect(ring.lines(line => line.text.includes('hold:a'), 2)).toHaveLength(2)
  expect(ring.lines(line => line.event === 'reorg', 2)).toHaveLength(1)
})

test('a line of any length takes little room', () => {
  const ring = createLogRing({ capacityBytes: 100_000 }, createFakeClock())
  ring.remember(nullLog).warn('long', { duty: 'answer:x', stack: 'x'.repeat(100_000) })
  const [line] = ring.lines(all, 1)
  expect(line).toMatchObject({ event: 'long', duty: 'answer:x', isShortened: true })
  expect(JSON.stringify(line).length).toBeLessThan(4_000)
})
