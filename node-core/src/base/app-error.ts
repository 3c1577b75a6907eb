/** The one error class of the app: a code of the table plus the values that explain it. */

import { ERROR_CODES, type ErrorCode } from '../contract/error-codes.ts'

export type ErrorData = Readonly<Record<string, unknown>>

export class AppError extends Error {
  readonly code: ErrorCode
  readonly data: ErrorData

  /** @param data values that say what broke the rule; shown to callers, so never a secret. */
  constructor(code: ErrorCode, data: ErrorData = {}, options?: ErrorOptions) {
    super(`${code}: ${ERROR_CODES[code].message}`, options)
    this.name = 'AppError'
    this.code = code
    this.data = data
  }
}

export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code)
}

/** Gives back an AppError as it is and wraps anything else, keeping it as the cause. */
export function toAppError(error: unknown, fallback: ErrorCode = 'INTERNAL', data: ErrorData = {}): AppError {
  return error instanceof AppError ? error : (asDiskFull(error) ?? new AppError(fallback, data, { cause: error }))
}

/** What SQLite and the system say of a disk that takes no more bytes: it can happen to whoever writes. */
const DISK_FULL = /^(?:SQLITE_FULL|SQLITE_IOERR|SQLITE_READONLY|ENOSPC$|EDQUOT$|EROFS$)/

/** @returns undefined for any other error. */
export function asDiskFull(error: unknown): AppError | undefined {
  if (!(error instanceof Error) || !('code' in error) || !DISK_FULL.test(String(error.code))) return undefined
  return new AppError('DATABASE_FULL', { reason: error.code }, { cause: error })
}
