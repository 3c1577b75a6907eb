/** What every door does around every call: access, JSON-safe answers, and the one form of errors. */

import { mapEventIterator } from '@orpc/client'
import type { ProcedureClientInterceptorOptions } from '@orpc/server'
import type { StandardHandleResult, StandardHandlerInterceptorOptions } from '@orpc/server/standard'
import { AppError } from '../base/app-error.ts'
import type { AccessLevel } from '../contract/operator.ts'
import type { Log } from '../telemetry/log.ts'
import { assertAccess } from './access-levels.ts'
import { isAsyncIterator } from './event-stream.ts'
import { assertJsonValue } from './json-value.ts'
import type { DoorContext } from './router-context.ts'
import { toWireError, type WireError } from './wire-error.ts'

export type CallRules = { readonly levels: readonly AccessLevel[]; readonly log: Log }

type ProcedureCall<TContext extends DoorContext> = ProcedureClientInterceptorOptions<
  TContext,
  Record<never, never>,
  Readonly<Record<string, unknown>>
> & { next(): PromiseLike<unknown> }
type HandledRequest<TContext extends DoorContext> = StandardHandlerInterceptorOptions<TContext> & {
  next(): Promise<StandardHandleResult>
}

/**
 * Around the method itself: nothing but JSON and WireErrors leave it, from its event stream too, and what it logs carries the trace id
 * that its error would name.
 */
export function guardProcedure<TContext extends DoorContext>({ levels, log }: CallRules) {
  return async ({ next, context, path, procedure, signal }: ProcedureCall<TContext>): Promise<unknown> => {
    const toWire = (error: unknown) =>
      toWireError(error, { traceId: context.traceId, log, method: path.join('.'), signal })
    try {
      assertAccess(procedure['~orpc'].meta, levels)
      const output = await log.inTrace(context.traceId, next)
      if (isAsyncIterator(output)) return guardEvents(output, error => toStreamError(toWire(error), context))
      assertJsonValue(output)
      return output
    } catch (error) {
      throw toWire(error)
    }
  }
}

/** Around matching, decoding and encoding, for the doors that have a wire; a method that is not found is theirs to answer. */
export function guardRequest<TContext extends DoorContext>({ log }: CallRules) {
  return async ({ next, context, request }: HandledRequest<TContext>): Promise<StandardHandleResult> => {
    try {
      return await next()
    } catch (error) {
      const failedCall = { traceId: context.traceId, log, method: request.url.pathname, signal: request.signal }
      throw toWireError(isUndecodable(error) ? new AppError('VALIDATION_ERROR', MALFORMED) : error, failedCall)
    }
  }
}

const MALFORMED = { issues: [{ path: '', message: 'The input could not be decoded.' }] }

/** What a method throws is a WireError by now; these are what the decoders throw at input that is not in their form. */
function isUndecodable(error: unknown): boolean {
  return error instanceof SyntaxError || error instanceof TypeError
}

function guardEvents(events: AsyncIterator<unknown>, toWire: (error: unknown) => WireError): AsyncIterator<unknown> {
  const value = async (event: unknown) => {
    if (event !== undefined) assertJsonValue(event, 'event')
    return event
  }
  // Two of them, because what `value` throws does not pass through the `error` beside it.
  const checked = mapEventIterator(events, { value, error: async error => error })
  return mapEventIterator(checked, { value: async event => event, error: async error => toWire(error) })
}

/** In an event stream of the HTTP door the error is an event, and oRPC sends there what `toJSON` gives. */
function toStreamError(error: WireError, { door }: DoorContext): WireError {
  if (door !== 'http') return error
  return Object.assign(error, { toJSON: () => error.data })
}
