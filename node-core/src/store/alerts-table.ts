/** Alerts: one open row for each cause, and the latest of those that are over. */

import { ALERT_SEVERITIES, type AlertCode, type AlertSeverity } from '../contract/alert-codes.ts'
import type { Db } from './database.ts'
import { sql } from './sql.ts'

/** Facts for the sentence and the links; `challengeId` and `postId` lead to a screen. */
export type AlertData = Readonly<Record<string, string | number | boolean>>
export type NewAlert = {
  readonly code: AlertCode
  readonly severity: AlertSeverity
  readonly subject: string
  readonly data: AlertData
}
export type AlertRecord = NewAlert & {
  readonly id: number
  readonly raisedAtMs: number
  readonly lastSeenAtMs: number
  readonly count: number
  readonly acknowledgedAtMs: number | null
  readonly resolvedAtMs: number | null
}
export type AlertCursor = { readonly rank: number; readonly id: number }
export type AlertsTable = ReturnType<typeof createAlertsTable>

type Row = {
  id: number
  code: AlertCode
  severity: AlertSeverity
  subject: string
  data: string
  raised_at_ms: number
  last_seen_at_ms: number
  count: number
  acknowledged_at_ms: number | null
  resolved_at_ms: number | null
  rank: number
}

/** A guess: years of a node that is looked after, and a list that can still be read. */
export const MAX_ALERTS = 5_000

/** Above every rank. */
const TOP: AlertCursor = { rank: 4, id: 0 }
/** What an alert says of a challenge, as the chain's tables have it now. */
const SAME_CHALLENGE = `x.post_id = json_extract(a.data, '$.postId') AND x.epoch = json_extract(a.data, '$.epoch')
  AND x.operator = json_extract(a.data, '$.operator')`

export function createAlertsTable(db: Db) {
  const open = db.prepare<[string, string], Row>(
    'SELECT * FROM alerts WHERE code = ? AND subject = ? AND resolved_at_ms IS NULL',
  )
  const latest = db.prepare<[string, string], Row>(
    'SELECT * FROM alerts WHERE subject = ? AND code = ? ORDER BY id DESC LIMIT 1',
  )
  const openOfCode = db.prepare<[string], Row>(
    'SELECT * FROM alerts WHERE code = ? AND resolved_at_ms IS NULL ORDER BY subject',
  )
  const ofSubject = db.prepare<[string], Row>('SELECT * FROM alerts WHERE subject = ? ORDER BY id')
  const meanwhile = db.prepare<{ codes: string; fromMs: number; untilMs: number; limit: number }, Row>(
    `SELECT * FROM alerts WHERE code IN (SELECT value FROM json_each(@codes))
    AND (resolved_at_ms IS NULL OR resolved_at_ms >= @fromMs) AND raised_at_ms <= @untilMs ORDER BY id DESC LIMIT @limit`,
  )
  const one = db.prepare<[number], Row>('SELECT * FROM alerts WHERE id = ?')
  const insert = db.prepare(`INSERT INTO alerts (code, severity, subject, data, raised_at_ms, last_seen_at_ms, count)
    VALUES (@code, @severity, @subject, @data, @nowMs, @nowMs, 1)`)
  // What got worse has to be acknowledged again.
  const again =
    db.prepare(`UPDATE alerts SET severity = @severity, data = json_patch(data, @data), last_seen_at_ms = @nowMs,
    count = count + 1, acknowledged_at_ms = CASE WHEN @isWorse = 0 THEN acknowledged_at_ms END WHERE id = @id`)
  const resolve = db.prepare(
    'UPDATE alerts SET resolved_at_ms = ? WHERE code = ? AND subject = ? AND resolved_at_ms IS NULL',
  )
  const acknowledge = db.prepare(`UPDATE alerts SET acknowledged_at_ms = @nowMs,
    resolved_at_ms = CASE WHEN @isOver = 1 THEN @nowMs ELSE resolved_at_ms END WHERE id = @id AND acknowledged_at_ms IS NULL`)
  const page = db.prepare<object, Row>(
    'SELECT * FROM alerts WHERE (rank, id) < (@rank, @id) AND rank >= @lowest ORDER BY rank DESC, id DESC LIMIT @limit',
  )
  const total = db.prepare<[number], { n: number }>('SELECT count(*) AS n FROM alerts WHERE rank >= ?')
  const openCounts = db.prepare<[], { severity: AlertSeverity; n: number }>(
    'SELECT severity, count(*) AS n FROM alerts WHERE rank > 0 GROUP BY severity',
  )
  const prune = db.prepare(
    'DELETE FROM alerts WHERE rank = 0 AND id IN (SELECT id FROM alerts ORDER BY rank DESC, id DESC LIMIT -1 OFFSET ?)',
  )
  const overtaken = db.prepare<{ code: string; beforeEpoch: number }, Row>(
    sql(
      'SELECT a.* FROM alerts a WHERE a.code = @code AND a.resolved_at_ms IS NULL AND (',
      "json_extract(a.data, '$.epoch') < @beforeEpoch OR",
      'EXISTS (SELECT 1 FROM proofs x WHERE',
      SAME_CHALLENGE,
      ') OR NOT EXISTS (SELECT 1 FROM challenges x WHERE',
      SAME_CHALLENGE,
      "AND x.salt = json_extract(a.data, '$.salt')))",
    ),
  )
  const unslashed = db.prepare<[], Row>(
    sql(
      "SELECT a.* FROM alerts a WHERE a.code = 'OPERATOR_SLASHED' AND a.resolved_at_ms IS NULL",
      'AND NOT EXISTS (SELECT 1 FROM slashes x WHERE',
      SAME_CHALLENGE,
      ')',
    ),
  )
  return {
    /** Counts up what is open already; its data then has the newer values. The oldest resolved ones go when there are too many. */
    raise(alert: NewAlert, nowMs: number): AlertRecord {
      return db.transaction(() => {
        const { code, severity, subject } = alert
        const data = JSON.stringify(alert.data)
        const found = open.get(code, subject)
        if (found !== undefined) {
          const isWorse = ALERT_SEVERITIES.indexOf(severity) > ALERT_SEVERITIES.indexOf(found.severity) ? 1 : 0
          again.run({ id: found.id, severity, data, nowMs, isWorse })
        } else {
          insert.run({ code, severity, subject, data, nowMs })
          prune.run(MAX_ALERTS)
        }
        return toAlert(open.all(code, subject)[0] as Row) // written just above
      })()
    },
    /** @returns false when none is open. */
    resolve: (code: AlertCode, subject: string, nowMs: number): boolean =>
      resolve.run(nowMs, code, subject).changes > 0,
    /** @param isOver there is nothing to wait for: it is resolved by this. @returns undefined when there is no such alert. */
    acknowledge(id: number, isOver: boolean, nowMs: number): AlertRecord | undefined {
      acknowledge.run({ id, isOver: isOver ? 1 : 0, nowMs })
      return one.all(id).map(toAlert)[0]
    },
    get: (id: number): AlertRecord | undefined => one.all(id).map(toAlert)[0],
    /** Open or over. */
    latest: (code: AlertCode, subject: string): AlertRecord | undefined => latest.all(subject, code).map(toAlert)[0],
    /** All of one code, by subject. */
    open: (code: AlertCode): AlertRecord[] => openOfCode.all(code).map(toAlert),
    /** Oldest first. */
    ofSubject: (subject: string): AlertRecord[] => ofSubject.all(subject).map(toAlert),
    /** Those that were open at some time in the span; the newest first. */
    meanwhile: (
      codes: readonly AlertCode[],
      { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
      limit: number,
    ): AlertRecord[] => meanwhile.all({ codes: JSON.stringify(codes), fromMs, untilMs, limit }).map(toAlert),
    /** Open ones first, the most urgent first of all, the newest first among equals; below the cursor. */
    page(
      filter: 'open' | 'all',
      after: AlertCursor | null,
      limit: number,
    ): { alert: AlertRecord; cursor: AlertCursor }[] {
      const rows = page.all({ ...(after ?? TOP), lowest: filter === 'open' ? 1 : 0, limit })
      return rows.map(row => ({ alert: toAlert(row), cursor: { rank: row.rank, id: row.id } }))
    },
    total: (filter: 'open' | 'all'): number => total.get(filter === 'open' ? 1 : 0)?.n ?? 0,
    openCounts: (): Readonly<Partial<Record<AlertSeverity, number>>> =>
      Object.fromEntries(openCounts.all().map(row => [row.severity, row.n])),
    /** Open ones about a challenge that is proven by now, that the chain no longer has, or that is of an earlier epoch. */
    overtaken: (code: 'DEADLINE_NEAR' | 'CHALLENGE_MISSED' | 'CHALLENGE_MISDERIVED', beforeEpoch = 0): AlertRecord[] =>
      overtaken.all({ code, beforeEpoch }).map(toAlert),
    /** Open ones about a slash that the chain no longer has. */
    unslashed: (): AlertRecord[] => unslashed.all().map(toAlert),
  }
}

const toAlert = (row: Row): AlertRecord => ({
  id: row.id,
  code: row.code,
  severity: row.severity,
  subject: row.subject,
  data: JSON.parse(row.data) as AlertData, // written by `raise` above
  raisedAtMs: row.raised_at_ms,
  lastSeenAtMs: row.last_seen_at_ms,
  count: row.count,
  acknowledgedAtMs: row.acknowledged_at_ms,
  resolvedAtMs: row.resolved_at_ms,
})
