/** Alerts, as the doors show them. */

import { AppError } from '../base/app-error.ts'
import type { Alert } from '../contract/health-shapes.ts'
import type { AlertRecord } from '../store/alerts-table.ts'
import { type NodeView, toIso } from './node-view.ts'
import { pageOf, parseCursor } from './paging.ts'

const toIsoOrNull = (ms: number | null): string | null => (ms === null ? null : toIso(ms))

export function alertView(alert: AlertRecord): Alert {
  const { id, code, severity, subject, data, count } = alert
  return {
    ...{ id, code, severity, subject, count },
    data: { ...data },
    raisedAt: toIso(alert.raisedAtMs),
    lastSeenAt: toIso(alert.lastSeenAtMs),
    acknowledgedAt: toIsoOrNull(alert.acknowledgedAtMs),
    resolvedAt: toIsoOrNull(alert.resolvedAtMs),
  }
}

type ListInput = { cursor?: string | undefined; limit: number; filter: 'open' | 'all' }

export function alertsPage({ engine }: NodeView, { cursor, limit, filter }: ListInput) {
  const { alerts } = engine.store
  const found = alerts
    .page(filter, parseCursor(cursor, ['rank', 'id']), limit + 1)
    .map(each => ({ item: alertView(each.alert), cursor: `${each.cursor.rank}.${each.cursor.id}` }))
  return pageOf(found, limit, alerts.total(filter))
}

/** @throws AppError ALERT_NOT_FOUND */
export function acknowledgeAlert({ engine }: NodeView, id: number): Alert {
  const alert = engine.alerts.acknowledge(id)
  if (alert === undefined) throw new AppError('ALERT_NOT_FOUND', { id })
  return alertView(alert)
}
