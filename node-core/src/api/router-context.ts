/** What every door adds to a call: which door it came through and the trace id under which the log knows it. */

import type { AnyContractRouter } from '@orpc/contract'
import type { Router } from '@orpc/server'

export type DoorName = 'http' | 'websocket' | 'message-port' | 'in-process'

/** The node's own context extends this; handlers read both. */
export type DoorContext = {
  /** 32 hex digits, the form of a W3C trace id. */
  readonly traceId: string
  readonly door: DoorName
}

/** Called once a call, so nothing leaks from one call to the next: `call => ({ ...call, engine })`. */
export type CreateContext<TContext extends DoorContext> = (call: DoorContext) => TContext

/** A router made by `implement(contract).$context<TContext>()`, of any contract. */
export type DoorRouter<TContext extends DoorContext> = Router<AnyContractRouter, TContext>
