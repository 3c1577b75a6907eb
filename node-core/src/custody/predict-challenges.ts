/**
 * What will be asked of own operators, known before the chain says so: the seed follows from a block that stands some blocks before it
 * can be finalised. What is prepared in this time is ready when the seed comes.
 *
 * A prediction is only a hint. A reorg of the seed's block, or a change of the protocol within the running epoch, makes it wrong: then
 * the challenges that come have other salts, nothing that was prepared is found for them, and only work was lost.
 */

import { setImmediate } from 'node:timers/promises'
import { AppError } from '../base/app-error.ts'
import type { ChainSource } from '../chain/chain-source.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import { derivePicks } from '../domain/derive-challenges.ts'
import { type EpochSchedule, epochAt, finaliseWindow, seedBlockOf } from '../domain/epoch.ts'
import { seedOf } from '../domain/identifiers.ts'
import type { Store } from '../store/store.ts'
import type { CustodyReader } from './custody-reader.ts'
import type { BatchTask } from './open-together.ts'

export type SeedInSight = { readonly epoch: number; readonly seedBlock: BlockRef }

/** @returns the epoch at `head` while its seed's block stands and the seed is not yet finalised. */
export function seedInSight(schedule: EpochSchedule, head: BlockRef, store: Store): SeedInSight | undefined {
  if (head.number < schedule.firstBlock) return undefined
  const epoch = epochAt(schedule, head.number)
  const number = seedBlockOf(schedule, epoch)
  if (head.number < number || head.number >= finaliseWindow(schedule, epoch).to) return undefined
  if (store.challenges.epoch(epoch) !== undefined) return undefined
  const seedBlock = store.blocks.at(number)
  return seedBlock === undefined ? undefined : { epoch, seedBlock }
}

/** Derived in one go; others get their turn in between. */
const POSTS_AT_ONCE = 16

export type PredictDeps = {
  readonly store: Store
  readonly chainId: number
  readonly source: Pick<ChainSource, 'headerOf'>
  readonly reader: Pick<CustodyReader, 'nextTerms'>
}

/** @throws AppError RPC_UNAVAILABLE */
export async function predictChallenges(
  { epoch, seedBlock }: SeedInSight,
  schedule: EpochSchedule,
  operators: ReadonlySet<number>,
  { store, chainId, source, reader }: PredictDeps,
): Promise<BatchTask[]> {
  const [header, { beacon, parameters }] = await Promise.all([source.headerOf(seedBlock.hash), reader.nextTerms()])
  if (header === undefined) {
    if (store.blocks.at(seedBlock.number)?.hash !== seedBlock.hash) return [] // it was just replaced
    throw new AppError('RPC_UNAVAILABLE', { reason: 'the seed’s block is not there', block: seedBlock.number })
  }
  const picks = derivePicks(store.posts.activeIn(epoch), {
    ...{ epoch, parameters, operators, vacant: store.operators.vacantIn(epoch) },
    seed: seedOf({ chainId, beacon, epoch, prevRandao: header.prevRandao }),
    openedBlock: seedBlock.number,
    deadlineBlock: finaliseWindow(schedule, epoch).to + parameters.windowBlocks,
  })
  const tasks: BatchTask[] = []
  let derived = 0
  for (const { post, challenges } of picks) {
    for (const challenge of challenges) tasks.push({ challenge, post })
    derived += 1
    if (derived % POSTS_AT_ONCE === 0) await setImmediate()
  }
  return tasks
}
