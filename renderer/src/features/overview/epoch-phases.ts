/** An epoch cut into its phases, as parts of its blocks. */

import type { Overview } from '@emerald/node-core/contract/shapes.ts'

type Epoch = NonNullable<Overview['epoch']>
export type PhaseName = 'seed' | 'answer' | 'report'
export type EpochPhase = {
  readonly name: PhaseName
  readonly lastBlock: number
  /** 0 to 1 of the epoch. */
  readonly share: number
  /** 0 to 1 of this phase. */
  readonly passed: number
  readonly isNow: boolean
}

/** In the order of the epoch; together the shares make 1. */
export function epochPhases(epoch: Epoch, headNumber: number): readonly EpochPhase[] {
  const total = epoch.lastBlock - epoch.firstBlock + 1
  const ends: readonly (readonly [PhaseName, number])[] = [
    ['seed', epoch.seedBlock],
    ['answer', epoch.deadlineBlock],
    ['report', epoch.lastBlock],
  ]
  let first = epoch.firstBlock
  return ends.map(([name, lastBlock]) => {
    const blocks = Math.max(0, lastBlock - first + 1)
    const isNow = headNumber >= first && headNumber <= lastBlock
    const passed = blocks === 0 ? 1 : Math.min(1, Math.max(0, (headNumber - first + 1) / blocks))
    first = lastBlock + 1
    return { name, lastBlock, share: blocks / total, passed, isNow }
  })
}
