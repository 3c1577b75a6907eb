/** Makes one bundle of the evidence that was kept and what is found now, and keeps it small. */

import { newestWithin } from '../base/newest-within.ts'
import type { Evidence } from '../contract/evidence-shape.ts'
import type { LogLine } from '../telemetry/log-ring.ts'

/** Guesses: a bundle mostly has some tens of KiB. */
const MAX_BUNDLE_BYTES = 128 * 1024
export const MAX_LINES = 300

/**
 * What is newer, with what only the earlier bundle still has: the node forgets log lines with a restart, and old alerts. The oldest
 * lines go when it is more than `MAX_BUNDLE_BYTES`.
 */
export function mergeEvidence(earlier: Evidence | undefined, later: Evidence): Evidence {
  const headerRlp = later.seed.headerRlp ?? earlier?.seed.headerRlp ?? null
  const [kept, found] = [earlier?.node.alerts ?? [], later.node.alerts]
  const alerts = found.length >= kept.length ? found : kept
  const merged = { ...later, seed: { ...later.seed, headerRlp }, node: { ...later.node, alerts }, log: [] }
  const texts = new Set([...(earlier?.log ?? []), ...later.log].map(line => JSON.stringify(line)))
  const maxBytes = MAX_BUNDLE_BYTES - Buffer.byteLength(JSON.stringify(merged)) - MAX_LINES // a comma each
  const log = newestWithin([...texts], { maxCount: MAX_LINES, maxBytes })
  return { ...merged, log: log.map(text => JSON.parse(text) as LogLine) } // written just above
}
