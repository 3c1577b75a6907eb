/** The log: one JSON line an event, levels, children, and no secret in any line. */

import { describe, expect, it } from 'vitest'
import { AppError } from '../base/app-error.ts'
import { createLog, type LogLevel } from './log.ts'

function createTestLog(level: LogLevel = 'debug') {
  const lines: Record<string, unknown>[] = []
  const log = createLog({ level, destination: { write: line => lines.push(JSON.parse(line)) } })
  return { log, lines }
}

describe('log', () => {
  it('writes one JSON line with level, time, event and fields', () => {
    const { log, lines } = createTestLog()
    log.info('chain_followed', { block: 7, wei: 10n ** 20n })
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        event: 'chain_followed',
        block: 7,
        wei: '100000000000000000000',
      },
    ])
  })

  it('leaves out what is below its level', () => {
    const { log, lines } = createTestLog('warn')
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]('event')
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'error'])
  })

  it('writes nothing when silent', () => {
    const { log, lines } = createTestLog('silent')
    log.error('event')
    expect(lines).toEqual([])
  })

  it('adds the fields of every ancestor to the lines of a child', () => {
    const { log, lines } = createTestLog()
    log.child({ profile: 'demo' }).child({ traceId: 'ab' }).warn('event', { block: 1 })
    expect(lines[0]).toMatchObject({ profile: 'demo', traceId: 'ab', block: 1 })
  })

  const secretKeys = [
    'token',
    'accessToken',
    'Authorization',
    'private_key',
    'privateKey',
    'mnemonic',
    'PASSPHRASE',
    'clientSecret',
  ]
  it.each(secretKeys)('never writes the value of %s, at any depth and in errors', key => {
    const { log, lines } = createTestLog()
    const error = new AppError('INTERNAL', { [key]: 's3cret' }, { cause: new AppError('USAGE', { [key]: 's3cret' }) })
    log.child({ [key]: 's3cret' }).error('event', { [key]: 's3cret', a: [{ b: { [key]: 's3cret' } }], error })
    expect(JSON.stringify(lines)).not.toContain('s3cret')
    expect(lines[0]).toMatchObject({ [key]: '[redacted]' })
  })

  it('writes an error with its code, data, stack and causes', () => {
    const { log, lines } = createTestLog()
    const error = new AppError('POST_NOT_FOUND', { postId: '0x01' }, { cause: new Error('the inner one') })
    log.error('call_failed', { error })
    expect(lines[0]?.error).toMatchObject({
      name: 'AppError',
      code: 'POST_NOT_FOUND',
      data: { postId: '0x01' },
      stack: expect.stringContaining('log.test.ts'),
      cause: { message: 'the inner one' },
    })
  })

  it('survives cycles and bytes', () => {
    const { log, lines } = createTestLog()
    const cyclic: Record<string, unknown> = { blob: new Uint8Array(131_072) }
    cyclic.self = cyclic
    log.info('event', cyclic)
    expect(lines[0]).toMatchObject({ blob: '[131072 bytes]', self: { blob: '[131072 bytes]' } })
  })
})

describe('a trace', () => {
  it('is told by every line written in it, also after a wait and by a child, and by no other line', async () => {
    const { log, lines } = createTestLog()
    const child = log.child({ node: 'own' })
    const work = async (name: string) => {
      log.info('begun', { name })
      await Promise.resolve()
      child.info('ended', { name })
    }
    log.info('outside')
    await Promise.all([log.inTrace('aa', () => work('first')), child.inTrace('bb', () => work('second'))])
    log.info('outside')
    expect(lines.map(line => [line.name, line.trace_id])).toEqual([
      [undefined, undefined],
      ['first', 'aa'],
      ['second', 'bb'],
      ['first', 'aa'],
      ['second', 'bb'],
      [undefined, undefined],
    ])
  })

  it('inside another takes its place until it ends, and its result is that of the work', () => {
    const { log, lines } = createTestLog()
    const result = log.inTrace('aa', () => {
      log.inTrace('bb', () => log.info('inner'))
      log.info('outer')
      return 7
    })
    expect(result).toBe(7)
    expect(lines.map(line => [line.event, line.trace_id])).toEqual([
      ['inner', 'bb'],
      ['outer', 'aa'],
    ])
  })
})
