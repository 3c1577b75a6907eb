/** Answers the HTTP calls under /api: JSON in, JSON or an event stream out. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { OpenAPIHandler } from '@orpc/openapi/node'
import { AppError } from '../base/app-error.ts'
import type { Log } from '../telemetry/log.ts'
import { DOOR_LEVELS } from './access-levels.ts'
import { guardProcedure, guardRequest } from './call-interceptors.ts'
import { readJsonBody } from './read-json-body.ts'
import type { CreateContext, DoorContext, DoorRouter } from './router-context.ts'
import { WireError } from './wire-error.ts'

export const API_PREFIX = '/api'

export type ApiRequestsOptions<TContext extends DoorContext> = {
  readonly router: DoorRouter<TContext>
  readonly createContext: CreateContext<TContext>
  readonly maxBodyBytes: number
  readonly log: Log
}

/** @throws AppError what makes the request itself unusable; errors of methods are answered. */
export type AnswerApiRequest = (request: IncomingMessage, response: ServerResponse, traceId: string) => Promise<void>

export function createApiRequests<TContext extends DoorContext>(
  options: ApiRequestsOptions<TContext>,
): AnswerApiRequest {
  const { router, createContext, maxBodyBytes, log } = options
  const rules = { levels: DOOR_LEVELS, log }
  const handler = new OpenAPIHandler(router, {
    interceptors: [guardRequest<TContext>(rules)],
    clientInterceptors: [guardProcedure<TContext>(rules)],
    customErrorResponseBodyEncoder: error => (error instanceof WireError ? error.data : undefined),
  })
  return async (request, response, traceId) => {
    // A method whose every input is optional can be called without a body.
    const body = (await readJsonBody(request, maxBodyBytes)) ?? {}
    response.setHeader('Cache-Control', 'no-store')
    const context = createContext({ traceId, door: 'http' })
    // oRPC takes a body that was read already from this property.
    const { matched } = await handler.handle(Object.assign(request, { body }), response, {
      prefix: API_PREFIX,
      context,
    })
    if (!matched) throw new AppError('METHOD_NOT_FOUND')
  }
}
