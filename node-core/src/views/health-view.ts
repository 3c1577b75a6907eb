/** What the node says of itself, as the doors show it: the same words as `/health` and `/ready`. */

import type { NodeHealth } from '../contract/health-shapes.ts'
import type { NodeView } from './node-view.ts'

/** `status` of the whole, and a word for each part; probes may say more. */
export type HealthAnswer = {
  readonly body: { readonly status: string; readonly db: string; readonly chain: string; readonly ipfs: string }
}
export type ReadyAnswer = { readonly body: { readonly ready: boolean; readonly reasons?: readonly string[] } }
export type NodeProbes = { health(): Promise<HealthAnswer>; ready(): Promise<ReadyAnswer> }

export async function healthView({ engine }: NodeView, probes: NodeProbes): Promise<NodeHealth> {
  const [health, ready] = await Promise.all([probes.health(), probes.ready()])
  const { status, db, chain, ipfs } = health.body
  return {
    status,
    parts: Object.entries({ db, chain, ipfs }).map(([name, state]) => ({ name, state })),
    isReady: ready.body.ready,
    reasons: [...(ready.body.reasons ?? [])],
    duties: engine.custody.runningDuties(),
  }
}
