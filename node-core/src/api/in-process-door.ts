/** Calls the router without a wire, as a wire would have it: the same errors, access and JSON values. */

import { type ClientLink, createORPCClient } from '@orpc/client'
import type { AnyContractRouter, ContractRouterClient } from '@orpc/contract'
import { createProcedureClient, getRouter, isProcedure, type Router, unlazy } from '@orpc/server'
import { AppError } from '../base/app-error.ts'
import { createTraceId } from '../base/trace-id.ts'
import { type Log, nullLog } from '../telemetry/log.ts'
import { DOOR_LEVELS } from './access-levels.ts'
import { guardProcedure } from './call-interceptors.ts'
import { DEFAULT_DOOR_LIMITS } from './door-limits.ts'
import { isAsyncIterator, leaveTogether, untilAborted } from './event-stream.ts'
import type { CreateContext, DoorContext } from './router-context.ts'
import { toWireError } from './wire-error.ts'

export type InProcessDoorOptions<TContract extends AnyContractRouter, TContext extends DoorContext> = {
  readonly router: Router<TContract, TContext>
  readonly createContext: CreateContext<TContext>
  readonly log?: Log
  readonly maxBodyBytes?: number
}

/** The contract cannot be inferred from its router: `createInProcessClient<OperatorContract, NodeContext>({ … })`. */
export function createInProcessClient<TContract extends AnyContractRouter, TContext extends DoorContext>({
  router,
  createContext,
  log = nullLog,
  maxBodyBytes = DEFAULT_DOOR_LIMITS.maxBodyBytes,
}: InProcessDoorOptions<TContract, TContext>): ContractRouterClient<TContract> {
  const interceptors = [guardProcedure<TContext>({ levels: DOOR_LEVELS, log })]

  async function invoke(path: readonly string[], input: unknown, signal: AbortSignal): Promise<unknown> {
    const context = createContext({ traceId: createTraceId(), door: 'in-process' })
    try {
      const { default: procedure } = await unlazy(getRouter(router, path))
      if (!isProcedure(procedure)) throw new AppError('METHOD_NOT_FOUND')
      const call = createProcedureClient(procedure, { context, path, interceptors })
      return await call(toWireInput(input, maxBodyBytes), { signal })
    } catch (error) {
      throw toWireError(error, { traceId: context.traceId, log, method: path.join('.'), signal })
    }
  }

  const link: ClientLink<Record<never, never>> = {
    async call(path, input, { signal }) {
      const left = new AbortController()
      const either = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal])
      const output = await untilAborted(invoke(path, input, either), signal)
      return isAsyncIterator(output) ? leaveTogether(output, left, signal) : output
    },
  }
  return createORPCClient<ContractRouterClient<TContract>>(link)
}

/** @throws AppError PAYLOAD_TOO_LARGE as a wire would. */
function toWireInput(input: unknown, maxBytes: number): unknown {
  const text = JSON.stringify(input)
  if (text === undefined) return undefined
  if (Buffer.byteLength(text) > maxBytes) throw new AppError('PAYLOAD_TOO_LARGE', { maxBytes })
  return JSON.parse(text)
}
