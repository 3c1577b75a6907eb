/** Mines blocks on a local chain at a steady pace, and stops when told; whoever runs the chain decides when time passes. */

import type { Clock } from '../base/clock.ts'
import type { Log } from '../telemetry/log.ts'

type Options = { readonly intervalMs: number }
type Deps = {
  readonly mine: () => Promise<void>
  readonly isNeeded?: () => Promise<boolean>
  readonly clock: Clock
  readonly log: Log
}

export type BlockProducer = AsyncDisposable

/** @param deps.isNeeded asked before each block; where somebody else mines too, a block is only added when theirs stay away. */
export function startBlockProducer(options: Options, deps: Deps): BlockProducer {
  const stop = new AbortController()
  const ended = produce(options, deps, stop.signal)
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await ended
    },
  }
}

async function produce({ intervalMs }: Options, deps: Deps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const startedAt = deps.clock.elapsedMs()
    try {
      if ((await deps.isNeeded?.()) ?? true) await deps.mine()
    } catch (error) {
      deps.log.warn('block_not_mined', { err: error })
    }
    const rest = Math.max(1, intervalMs - (deps.clock.elapsedMs() - startedAt))
    await deps.clock.sleep(rest, signal).catch(() => undefined)
  }
}
