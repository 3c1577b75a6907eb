/** What the node says of itself, as the doors show it: the same words as `/health` and `/ready`. */

import type { NodeHealth } from '../contract/health-shapes.ts'
import type { NodeView } from './node-view.ts'

export type NodeProbes = {
  /** `status`, and a word for each part. */
  health(): Promise<{ readonly body: { readonly status: string } & Readonly<Record<string, string>> }>
  ready(): Promise<{ readonly body: { readonly ready: boolean; readonly reasons?: readonly string[] } }>
}

export async function healthView({ engine }: NodeView, probes: NodeProbes): Promise<NodeHealth> {
  const [health, ready] = await Promise.all([probes.health(), probes.ready()])
  const { status, ...parts } = health.body
  return {
    status,
    parts: Object.entries(parts).map(([name, state]) => ({ name, state })),
    isReady: ready.body.ready,
    reasons: [...(ready.body.reasons ?? [])],
    duties: engine.custody.runningDuties(),
  }
}
