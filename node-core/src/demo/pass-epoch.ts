/** Waits for an epoch of the demo to be over, with a reorg in its middle when that is asked for. */

import { systemClock } from '../base/clock.ts'
import type { Hex } from '../base/hex.ts'
import { waitFor } from '../devnet/wait-for.ts'
import type { Challenge } from '../domain/challenge.ts'
import { lastBlockOf } from '../domain/epoch.ts'
import type { Engine } from '../engine.ts'
import type { LocalNetwork } from '../local-network.ts'
import { reorganise } from './faults.ts'

export type PassedEpoch = { readonly epoch: number; readonly challenges: readonly Challenge[] }
type Asked = { readonly epoch: number; readonly postId: Hex; readonly reorgDepth: number }
type Deps = { readonly signal: AbortSignal }

const STEP_TIMEOUT_MS = 120_000

/**
 * An epoch is over when every challenge is proven; where one is missing, or the level can fall again, when every miss is reported and
 * the post settled; at the latest with its last block.
 * @throws AppError TIMEOUT {waitingFor}
 */
export async function passEpoch({ epoch, postId, reorgDepth }: Asked, network: LocalNetwork, deps: Deps) {
  const { main } = network
  const { store, follower, protocol } = main
  await wait(`the seed of epoch ${epoch}`, deps, () => store.challenges.epoch(epoch))
  if (reorgDepth > 0) {
    await wait('a proof to undo', deps, () =>
      challengesOf(main, epoch).some(each => store.proofs.get(each) !== undefined),
    )
    await reorganise(network, reorgDepth)
    await wait('the reorg to be seen', deps, () => follower.reorgCount() > 0)
    await wait(`the seed of epoch ${epoch} again`, deps, () => store.challenges.epoch(epoch))
  }
  await wait(`the end of epoch ${epoch}`, deps, () => {
    const isPast = (follower.head()?.number ?? 0) >= lastBlockOf(protocol.schedule, epoch)
    return isPast || isSettledWell(main, epoch) || isAllDone(main, epoch, postId)
  })
  return { epoch, challenges: challengesOf(main, epoch) } satisfies PassedEpoch
}

/** Nothing is left to do, and settling would change nothing. */
function isSettledWell(engine: Engine, epoch: number): boolean {
  const { store } = engine
  if (store.challenges.epoch(epoch) === undefined) return false
  return challengesOf(engine, epoch).every(each => each.level === 0 && store.proofs.get(each) !== undefined)
}

function isAllDone(engine: Engine, epoch: number, postId: Hex): boolean {
  const { store } = engine
  const isAnswered = (each: Challenge): boolean => {
    const stored = store.challenges.get(each)
    return stored?.isProven === true || stored?.isMissed === true
  }
  return store.lifecycle.isSettled(postId, epoch) && challengesOf(engine, epoch).every(isAnswered)
}

function challengesOf(engine: Engine, epoch: number): Challenge[] {
  return engine.store.challenges.page({ epoch }, null, 10_000).map(each => each.challenge)
}

/** @throws AppError TIMEOUT {waitingFor} */
export function wait<T>(waitingFor: string, deps: Deps, look: () => T | undefined | null | false): Promise<T> {
  return waitFor(waitingFor, look, { timeoutMs: STEP_TIMEOUT_MS, clock: systemClock, everyMs: 25, signal: deps.signal })
}
