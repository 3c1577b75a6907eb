/** What the doors show of the engine: the parts that every view reads. */

import type { Engine } from '../engine.ts'

/** Facts about the node that its host knows and the engine does not. */
export type NodeIdentity = {
  readonly version: string
  readonly profile: string
  readonly networkName: string
  readonly isDemo: boolean
  /** Names for operators, by index; others are called by their number. */
  readonly operatorLabels: Readonly<Record<number, string>>
}

export type NodeView = { readonly engine: Engine; readonly identity: NodeIdentity }

export const toIso = (ms: number): string => new Date(ms).toISOString()

/** The block that everything on a screen is told relative to; 0 before the first. */
export const headNumber = (view: NodeView): number => view.engine.follower.head()?.number ?? 0
