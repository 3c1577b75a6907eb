/** What the operator must know: kept in the store, logged, and told to whoever listens. */

import type { Clock } from '../base/clock.ts'
import { ALERT_CODES, type AlertCode } from '../contract/alert-codes.ts'
import type { AlertRecord, AlertsTable, NewAlert } from '../store/alerts-table.ts'
import type { Log } from '../telemetry/log.ts'

type Deps = {
  readonly table: AlertsTable
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
  readonly publish: (topic: 'alert', subject: string, data: Record<string, string | number>) => void
}
export type Alerts = ReturnType<typeof createAlerts>

const LOG_LEVELS = { notice: 'info', warning: 'warn', critical: 'error' } as const

export function createAlerts({ table, clock, log, publish }: Deps) {
  const tell = ({ code, severity, subject }: NewAlert, state: string): void =>
    publish('alert', subject, { code, severity, state })
  return {
    /** What is open already counts up, and is logged again only when it got worse. */
    raise(alert: NewAlert): AlertRecord {
      const before = table.latest(alert.code, alert.subject)
      const raised = table.raise(alert, clock.now())
      const { code, severity, subject, data } = raised
      if (before?.id !== raised.id || before.severity !== severity)
        log[LOG_LEVELS[severity]]('alert_raised', { code, severity, subject, ...data })
      tell(raised, 'raised')
      return raised
    },
    /** Its cause has ended. Nothing happens when it was not open. */
    resolve(code: AlertCode, subject: string): void {
      if (!table.resolve(code, subject, clock.now())) return
      log.info('alert_resolved', { code, subject })
      publish('alert', subject, { code, state: 'resolved' })
    },
    /** @returns undefined when there is no such alert. */
    acknowledge(id: number): AlertRecord | undefined {
      const found = table.get(id)
      if (found === undefined || found.acknowledgedAtMs !== null) return found
      const acknowledged = table.acknowledge(id, ALERT_CODES[found.code].kind === 'happening', clock.now())
      if (acknowledged !== undefined) tell(acknowledged, 'acknowledged')
      return acknowledged
    },
  }
}
