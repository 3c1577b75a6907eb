/** Faults on demand: an operator that goes missing, a block damaged on disk, a chain that changes its mind. */

import { AppError } from '../base/app-error.ts'
import { damageOneBlock } from '../blocks/damage-block.ts'
import type { Engine } from '../engine.ts'
import type { LocalNetwork } from '../local-network.ts'

/** @returns the operator that answers for nothing from now on: the last one, on whichever node it is. */
export function takeOffline(network: LocalNetwork): number {
  const engine = network.neighbour?.operators.list().length ? network.neighbour : network.main
  const last = engine.operators.list().at(-1)
  if (last === undefined) throw new AppError('VALIDATION_ERROR', { field: 'operators', reason: 'there is no operator' })
  engine.operators.setOnline(last.index, false)
  return last.index
}

export function bringOnline(network: LocalNetwork, operator: number): void {
  network.main.operators.setOnline(operator, true)
  network.neighbour?.operators.setOnline(operator, true)
}

/** Flips bytes in one stored block of the content, as a failing disk would. */
export async function damage(engine: Engine, cid: string): Promise<{ blockCid: string }> {
  return damageOneBlock(engine.blocks, cid)
}

/** Replaces the newest blocks by empty ones; their transactions are gone and must be sent again. */
export async function reorganise(network: LocalNetwork, depth: number): Promise<void> {
  // The method is anvil's own and not in viem's types.
  const request = network.miner.request as (call: { method: string; params: unknown[] }) => Promise<unknown>
  await request({ method: 'anvil_reorg', params: [depth, []] })
}
