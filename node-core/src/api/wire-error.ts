/** Turns any error into the one error that every door sends: a code of the table, its data and a trace id. */

import { ORPCError, ValidationError } from '@orpc/server'
import { AppError, asDiskFull, type ErrorData } from '../base/app-error.ts'
import { ERROR_CODES, type ErrorCode } from '../contract/error-codes.ts'
import type { ErrorBody } from '../contract/shapes.ts'
import type { Log } from '../telemetry/log.ts'
import { toJsonRecord } from './json-value.ts'

/** A guess: enough for any form of the UI, and no input makes the answer longer than itself. */
const MAX_ISSUES = 20

/** The `data` is the whole body, so that the RPC doors carry the same body as the HTTP door. */
export class WireError extends ORPCError<ErrorCode, ErrorBody> {
  constructor(body: ErrorBody, code: ErrorCode, options?: ErrorOptions) {
    super(code, { ...options, status: ERROR_CODES[code].status, message: body.error, data: body })
  }
}

export type FailedCall = {
  readonly traceId: string
  readonly log: Log
  /** Dotted path of the method, or the HTTP path; for the log only. */
  readonly method?: string
  /** Of the call: once it aborts nobody waits for the answer, and giving up is no failure. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The whole error goes to the log, unless it is a refusal, and only code, sentence, data and trace id to the caller. Anything but an
 * AppError, a refused input and a full disk is unforeseen and becomes INTERNAL without a word of its own message.
 */
export function toWireError(error: unknown, call: FailedCall): WireError {
  if (error instanceof WireError) return error
  const foreseen = toForeseen(error)
  const { code, data }: Told = foreseen ?? { code: 'INTERNAL', data: {} }
  logFailure(error, { code, data }, call)
  return new WireError(errorBodyOf(code, data, call.traceId), code, { cause: error })
}

export function errorBodyOf(code: ErrorCode, data: ErrorData, traceId: string): ErrorBody {
  const wireData = Object.keys(data).length === 0 ? undefined : toJsonRecord(data)
  const body = { ok: false, error: ERROR_CODES[code].message, code, trace_id: traceId } as const
  return wireData === undefined ? body : { ...body, data: wireData }
}

/** For issues of zod or of any other schema library: where in the input (dotted), and what is wrong there. */
export function toValidationError(issues: ValidationError['issues'], options?: ErrorOptions): AppError {
  const told = issues.slice(0, MAX_ISSUES).map(({ path = [], message }) => ({
    path: path.map(segment => String(typeof segment === 'object' ? segment.key : segment)).join('.'),
    message,
  }))
  return new AppError('VALIDATION_ERROR', { issues: told }, options)
}

/** oRPC marks a refused input BAD_REQUEST; a refused output is an INTERNAL_SERVER_ERROR and so stays unforeseen. */
function toForeseen(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error
  const isInputRefused = error instanceof ORPCError && error.code === 'BAD_REQUEST'
  if (isInputRefused && error.cause instanceof ValidationError) {
    return toValidationError(error.cause.issues, { cause: error })
  }
  return asDiskFull(error)
}

type Told = { readonly code: ErrorCode; readonly data: ErrorData }

/** That the node can't take more for now is no failure of it, although it is no fault of the caller's either. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['QUEUE_FULL', 'NODE_STOPPING'])

/** Refusals come as often as callers like: each is one short line. Only of a failure the whole error is worth its room. */
function logFailure(error: unknown, { code, data }: Told, { traceId, log, method, signal }: FailedCall): void {
  const fields = { trace_id: traceId, method, code }
  const { status } = ERROR_CODES[code]
  if (signal?.aborted === true) log.debug('call_left', { ...fields, error })
  else if (status < 500 || REFUSALS.has(code)) log.debug('call_refused', { ...fields, data })
  else if (code === 'INTERNAL') log.error('call_failed', { ...fields, error })
  else log.warn('call_failed', { ...fields, error })
}
