/** The network behind a node's doors, which is opened anew when it is reset or when its chain was replaced. */

import { backoffMs } from './base/backoff.ts'
import { systemClock } from './base/clock.ts'
import type { LocalNetwork } from './local-network.ts'
import type { Log } from './telemetry/log.ts'

export type Running = AsyncDisposable & {
  /** Undefined for the moment in which it is replaced. */
  network(): LocalNetwork | undefined
  restart(): Promise<void>
}

/** @param open is told whom to call when the chain was replaced. @throws as `open` */
export async function openRunning(
  open: (onChainReplaced: () => void) => Promise<LocalNetwork>,
  log: Log,
): Promise<Running> {
  const stopping = new AbortController()
  let network: LocalNetwork | undefined = await open(() => void reopen())
  let restarting: Promise<void> | undefined

  async function replace(): Promise<void> {
    const old = network
    network = undefined
    await old?.[Symbol.asyncDispose]()
    network = await open(() => void reopen())
  }

  /** One at a time; who asks while one is under way waits for it. */
  function restart(): Promise<void> {
    restarting ??= replace().finally(() => {
      restarting = undefined
    })
    return restarting
  }

  /** For a chain that was replaced: goes on until the new one is there, or the node stops. */
  async function reopen(): Promise<void> {
    for (let failures = 1; !stopping.signal.aborted; failures += 1) {
      try {
        return await restart()
      } catch (error) {
        log.warn('network_reopen_failed', { failures, err: error })
      }
      await systemClock.sleep(backoffMs(failures, REOPEN), stopping.signal).catch(() => undefined) // the loop ends then
    }
  }

  return {
    network: () => network,
    restart,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await restarting?.catch(() => undefined) // whoever asked for it was told
      await network?.[Symbol.asyncDispose]()
    },
  }
}

const REOPEN = { baseMs: 500, maxMs: 10_000 } as const
