/** Turns whatever a client of the node throws back into a code, its data and a trace id; safe in a browser. */

import { ORPCError } from '@orpc/contract'
import { ERROR_CODES, type ErrorCode, isErrorCode } from './error-codes.ts'
import { errorBody } from './shapes.ts'

export type ClientError = {
  readonly code: ErrorCode
  /** A full English sentence; the UI has its own texts by code. */
  readonly error: string
  readonly data: Readonly<Record<string, unknown>>
  /** Under this id the node's log has the details; null when the node never answered. */
  readonly traceId: string | null
}

/**
 * Understands an error of any door's client, a parsed error body of the HTTP door, and an error that carries `code` and
 * `data` itself. A code this build does not know becomes INTERNAL.
 */
export function toClientError(error: unknown): ClientError {
  return fromBody(error instanceof ORPCError ? error.data : error) ?? fromCodedError(error) ?? fromTransport(error)
}

function fromBody(value: unknown): ClientError | undefined {
  const parsed = errorBody.safeParse(value)
  if (!parsed.success) return undefined
  const { code, error, data = {}, trace_id: traceId } = parsed.data
  return { code: isErrorCode(code) ? code : 'INTERNAL', error, data, traceId }
}

function fromCodedError(error: unknown): ClientError | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  if (!isErrorCode(error.code)) return undefined
  const data = 'data' in error && isRecord(error.data) ? error.data : {}
  return ofCode(error.code, data)
}

/** The libraries have no codes for a broken connection: these are the forms that they throw. */
function fromTransport(error: unknown): ClientError {
  if (!(error instanceof Error)) return ofCode('INTERNAL')
  if (error.name === 'TimeoutError') return ofCode('TIMEOUT')
  const isClosed = error.name === 'AbortError' || /websocket is not open/i.test(error.message)
  const isFetchRefused = error instanceof TypeError && /fetch|network/i.test(error.message)
  return ofCode(isClosed || isFetchRefused ? 'NODE_NOT_RUNNING' : 'INTERNAL')
}

function ofCode(code: ErrorCode, data: Readonly<Record<string, unknown>> = {}): ClientError {
  return { code, error: ERROR_CODES[code].message, data, traceId: null }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
