/** Reads whatever a call threw into a code the UI has a text for. */

import { type ErrorCode, isErrorCode } from '@emerald/node-core/contract/error-codes.ts'
import { ORPCError } from '@orpc/client'
import { ConnectionLost } from './connection.ts'

/** Codes of the engine, and two that only a client can meet. */
export type UiErrorCode = ErrorCode | 'CONNECTION_LOST' | 'UNKNOWN'

export type EngineError = {
  readonly code: UiErrorCode
  readonly data: Readonly<Record<string, unknown>>
  /** Finds the whole error in the node's log. */
  readonly traceId: string | null
}

/** oRPC's own codes, thrown before a handler of ours is reached. */
const TRANSPORT_CODES: Readonly<Record<string, ErrorCode>> = {
  BAD_REQUEST: 'VALIDATION_ERROR',
  UNPROCESSABLE_CONTENT: 'VALIDATION_ERROR',
  NOT_FOUND: 'METHOD_NOT_FOUND',
  TOO_MANY_REQUESTS: 'RATE_LIMITED',
  SERVICE_UNAVAILABLE: 'NODE_STOPPING',
  INTERNAL_SERVER_ERROR: 'INTERNAL',
}

export function readError(error: unknown): EngineError {
  if (error instanceof ConnectionLost) return { code: 'CONNECTION_LOST', data: {}, traceId: null }
  if (!(error instanceof ORPCError)) return { code: 'UNKNOWN', data: {}, traceId: null }
  const body = isRecord(error.data) ? error.data : {}
  const traceId = body.trace_id
  return {
    code: toUiErrorCode(error.code),
    data: isRecord(body.data) ? body.data : {},
    traceId: typeof traceId === 'string' ? traceId : null,
  }
}

export function toUiErrorCode(code: string): UiErrorCode {
  return isErrorCode(code) ? code : (TRANSPORT_CODES[code] ?? 'UNKNOWN')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
