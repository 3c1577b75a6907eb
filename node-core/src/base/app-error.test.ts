import { expect, test } from 'vitest'
import { ERROR_CODES } from '../contract/error-codes.ts'
import { AppError, asDiskFull, isAppError, toAppError } from './app-error.ts'

test('an error is known by its code, with a sentence, its data and its cause', () => {
  const cause = new Error('below')
  const error = new AppError('POST_NOT_FOUND', { postId: '0x1' }, { cause })
  expect(error).toMatchObject({ code: 'POST_NOT_FOUND', data: { postId: '0x1' }, cause })
  expect(error.message).toContain(ERROR_CODES.POST_NOT_FOUND.message)
  expect([
    isAppError(error),
    isAppError(error, 'POST_NOT_FOUND'),
    isAppError(error, 'TIMEOUT'),
    isAppError(cause),
  ]).toEqual([true, true, false, false])
})

test.each(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'ENOSPC', 'EROFS'])(
  '%s is a full disk, wherever it comes from',
  code => {
    const cause = Object.assign(new Error('no'), { code })
    expect(toAppError(cause, 'PROVER_FAILED')).toMatchObject({ code: 'DATABASE_FULL', data: { reason: code }, cause })
    expect(asDiskFull(Object.assign(new Error('no'), { code: 'ENOENT' }))).toBeUndefined()
  },
)

test('an error of ours stays itself, and anything else is wrapped with its cause', () => {
  const ours = new AppError('TIMEOUT')
  expect(toAppError(ours)).toBe(ours)
  for (const cause of [new Error('x'), 'text', undefined, null]) {
    expect(toAppError(cause)).toMatchObject({ code: 'INTERNAL', cause })
    expect(toAppError(cause, 'PROVER_FAILED', { a: 1 })).toMatchObject({ code: 'PROVER_FAILED', data: { a: 1 } })
  }
})
