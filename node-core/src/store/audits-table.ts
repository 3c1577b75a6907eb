/** The last audit of each content that is stored here. */

import type { Db } from './database.ts'

/** @property repaired blocks that were damaged or gone and are here again. @property lost those that nobody could send. */
export type AuditRecord = {
  readonly cid: string
  readonly auditedAtMs: number
  readonly tookMs: number
  readonly blocks: number
  readonly bytes: number
  readonly repaired: number
  readonly lost: number
}
type Row = {
  cid: string
  audited_at_ms: number
  took_ms: number
  blocks: number
  bytes: number
  repaired: number
  lost: number
}
export type AuditsTable = ReturnType<typeof createAuditsTable>

export function createAuditsTable(db: Db) {
  const put =
    db.prepare<AuditRecord>(`INSERT OR REPLACE INTO audits (cid, audited_at_ms, took_ms, blocks, bytes, repaired, lost)
    VALUES (@cid, @auditedAtMs, @tookMs, @blocks, @bytes, @repaired, @lost)`)
  const one = db.prepare<[string], Row>('SELECT * FROM audits WHERE cid = ?')
  const times = db.prepare<[], Pick<Row, 'cid' | 'audited_at_ms'>>('SELECT cid, audited_at_ms FROM audits')
  const remove = db.prepare('DELETE FROM audits WHERE cid = ?')
  return {
    /** Takes the place of the one before. */
    put: (audit: AuditRecord): void => void put.run(audit),
    get: (cid: string): AuditRecord | undefined => one.all(cid).map(toAudit)[0],
    /** When each content was audited last, in milliseconds since the unix epoch. */
    times: (): Map<string, number> => new Map(times.all().map(row => [row.cid, row.audited_at_ms])),
    remove: (cid: string): void => void remove.run(cid),
  }
}

const toAudit = (row: Row): AuditRecord => ({
  cid: row.cid,
  auditedAtMs: row.audited_at_ms,
  tookMs: row.took_ms,
  blocks: row.blocks,
  bytes: row.bytes,
  repaired: row.repaired,
  lost: row.lost,
})
