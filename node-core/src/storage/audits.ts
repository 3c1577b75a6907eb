/** Goes through all that is stored, again and again, one content at a time and slowly: damage is found before a challenge finds it. */

import type { Alerts } from '../alerts/alerts.ts'
import type { Clock } from '../base/clock.ts'
import { auditContent } from '../blocks/audit-content.ts'
import type { BlockNode } from '../blocks/block-node.ts'
import type { AuditsTable } from '../store/audits-table.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'

type Options = {
  /** From one audit of a content to its next; longer when there is more than the disk's share lets through. */
  readonly everyMs: number
  readonly bytesPerSecond: number
}
type Deps = {
  readonly blocks: Pick<BlockNode, 'blocks' | 'pins' | 'gate'>
  readonly table: AuditsTable
  readonly alerts: Pick<Alerts, 'raise'>
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly publish: (topic: 'post', id: null, data: Record<string, string | number>) => void
}
export type Audits = ReturnType<typeof createAudits>

/** How long something new, or something due, waits at most. */
const LOOK_MS = 10_000
/** Content that cannot even be read, as from a disk that dies, is left alone for so long, and others are looked at. */
const FAILED_MS = 600_000
/** After a block was found lost: whoever has it may be back by then. */
const LOST_MS = 600_000
const BLOCK_TIMEOUT_MS = 30_000
/** Lost blocks of one content that are told one by one. */
const MAX_TOLD = 20

export function createAudits({ everyMs, bytesPerSecond }: Options, deps: Deps) {
  const { blocks, table, alerts, clock, log, metrics } = deps
  const stopping = new AbortController()
  let ended: Promise<void> = Promise.resolve()
  /** By content, on the clock that only goes forward. */
  const leftUntilMs = new Map<string, number>()
  const againAtMs = new Map<string, number>()

  /** The one that was not looked at for longest, if that is too long; a time to come is the clock's mistake and counts as never. */
  function nextDue(): string | undefined {
    const nowMs = clock.now()
    const times = table.times()
    const pinned = blocks.pins.list()
    const kept = new Set(pinned)
    for (const cid of times.keys()) if (!kept.has(cid)) table.remove(cid)
    for (const memory of [leftUntilMs, againAtMs])
      for (const cid of memory.keys()) if (!kept.has(cid)) memory.delete(cid)
    const isLeft = (cid: string): boolean => (leftUntilMs.get(cid) ?? 0) > clock.elapsedMs()
    const isAgain = (cid: string): boolean => (againAtMs.get(cid) ?? Number.POSITIVE_INFINITY) <= clock.elapsedMs()
    const ages = pinned
      .filter(cid => !isLeft(cid))
      .map(cid => {
        const at = times.get(cid) ?? 0
        return { cid, ageMs: at > nowMs || isAgain(cid) ? Number.POSITIVE_INFINITY : nowMs - at }
      })
    const oldest = ages.reduce((old, each) => (each.ageMs > old.ageMs ? each : old), { cid: '', ageMs: 0 })
    return oldest.ageMs >= everyMs && oldest.cid !== '' ? oldest.cid : undefined
  }

  async function audit(cid: string): Promise<void> {
    const startedMs = clock.elapsedMs()
    const options = { cid, bytesPerSecond, blockTimeoutMs: BLOCK_TIMEOUT_MS, signal: stopping.signal, clock }
    const found = await auditContent(blocks, options)
    if (found === undefined) return
    const { repaired, lost, ...looked } = found
    if (lost.length > 0) againAtMs.set(cid, clock.elapsedMs() + LOST_MS)
    else againAtMs.delete(cid)
    const tookMs = Math.round(clock.elapsedMs() - startedMs)
    const counts = { ...looked, repaired: repaired.length, lost: lost.length }
    table.put({ cid, auditedAtMs: clock.now(), tookMs, ...counts })
    metrics.count('emerald_audited_bytes_total', {}, looked.bytes)
    metrics.count('emerald_audit_blocks_total', { outcome: 'repaired' }, counts.repaired)
    metrics.count('emerald_audit_blocks_total', { outcome: 'lost' }, counts.lost)
    for (const block of lost.slice(0, MAX_TOLD))
      alerts.raise({ code: 'STORAGE_CORRUPT', severity: 'critical', subject: block, data: { block, cid } })
    log[lost.length > 0 ? 'warn' : 'debug']('content_audited', { cid, tookMs, ...counts })
    deps.publish('post', null, { cid, ...counts })
    // Small contents are over before they have used up their time.
    const restMs = (looked.bytes / bytesPerSecond) * 1_000 - tookMs
    if (restMs > 0) await clock.sleep(restMs, stopping.signal)
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      let due: string | undefined
      try {
        due = nextDue()
        if (due === undefined) await clock.sleep(Math.min(LOOK_MS, everyMs), stopping.signal)
        else await audit(due)
      } catch (error) {
        if (stopping.signal.aborted) return
        log.warn('audit_failed', { cid: due, err: error })
        if (due !== undefined) leftUntilMs.set(due, clock.elapsedMs() + FAILED_MS)
        await clock.sleep(LOOK_MS, stopping.signal).catch(() => undefined)
      }
    }
  }

  return {
    start(): void {
      ended = run()
    },
    async [Symbol.asyncDispose](): Promise<void> {
      stopping.abort()
      await ended
    },
  }
}
