/** The RPC handler with this node's access, errors and JSON rules around it. */

import { StandardRPCHandler } from '@orpc/server/standard'
import type { Log } from '../telemetry/log.ts'
import { DOOR_LEVELS } from './access-levels.ts'
import { guardProcedure, guardRequest } from './call-interceptors.ts'
import type { DoorContext, DoorRouter } from './router-context.ts'

export function createRpcHandler<TContext extends DoorContext>(
  router: DoorRouter<TContext>,
  log: Log,
): StandardRPCHandler<TContext> {
  const rules = { levels: DOOR_LEVELS, log }
  return new StandardRPCHandler(router, {
    interceptors: [guardRequest<TContext>(rules)],
    clientInterceptors: [guardProcedure<TContext>(rules)],
  })
}
