/** Long work and uploads: what goes on, how far it is, what came of it. */

import type { Db } from './database.ts'

export type JobKind = 'publish' | 'ipfs-add' | 'ipfs-import' | 'demo'
export type JobState = 'running' | 'done' | 'failed' | 'cancelled'
export type JobError = {
  readonly code: string
  readonly error: string
  readonly data: Readonly<Record<string, unknown>>
}
/** What the work needs; of JSON. */
export type JobInput = Readonly<Record<string, string | number>>
export type JobRecord = {
  readonly jobId: string
  readonly kind: JobKind
  readonly state: JobState
  readonly step: string
  readonly progress: number
  readonly startedAtMs: number
  readonly endedAtMs: number | null
  readonly result: Readonly<Record<string, unknown>> | null
  readonly error: JobError | null
  /** Null for one from before inputs were kept. */
  readonly input: JobInput | null
  /** Begun so far, over all processes. */
  readonly attempts: number
}
export type UploadRecord = {
  readonly uploadId: string
  readonly fileName: string
  readonly contentType: string
  readonly byteLength: number
  readonly receivedBytes: number
}
type JobRow = {
  job_id: string
  kind: JobKind
  state: JobState
  step: string
  progress: number
  started_at_ms: number
  ended_at_ms: number | null
  result: string | null
  error: string | null
  input: string | null
  attempts: number
}
type UploadRow = {
  upload_id: string
  file_name: string
  content_type: string
  byte_length: number
  received_bytes: number
}
export type JobsTable = ReturnType<typeof createJobsTable>

export function createJobsTable(db: Db) {
  const insert = db.prepare(
    "INSERT INTO jobs (job_id, kind, state, step, progress, started_at_ms, input) VALUES (?, ?, 'running', ?, 0, ?, ?)",
  )
  const beginAttempt = db.prepare<[string], { attempts: number }>(
    'UPDATE jobs SET attempts = attempts + 1 WHERE job_id = ? RETURNING attempts',
  )
  const trim = db.prepare<[number]>(
    "DELETE FROM jobs WHERE state <> 'running' AND job_id NOT IN (SELECT job_id FROM jobs ORDER BY started_at_ms DESC LIMIT ?)",
  )
  const advance = db.prepare("UPDATE jobs SET step = ?, progress = ? WHERE job_id = ? AND state = 'running'")
  const end = db.prepare(
    "UPDATE jobs SET state = ?, progress = ?, ended_at_ms = ?, result = ?, error = ? WHERE job_id = ? AND state = 'running'",
  )
  const one = db.prepare<[string], JobRow>('SELECT * FROM jobs WHERE job_id = ?')
  const recent = db.prepare<[number], JobRow>('SELECT * FROM jobs ORDER BY started_at_ms DESC LIMIT ?')
  const running = db.prepare<[], JobRow>("SELECT * FROM jobs WHERE state = 'running'")
  const insertUpload = db.prepare(
    'INSERT INTO uploads (upload_id, file_name, content_type, byte_length, received_bytes, created_at_ms) VALUES (?, ?, ?, ?, 0, ?)',
  )
  const receive = db.prepare('UPDATE uploads SET received_bytes = ? WHERE upload_id = ?')
  const upload = db.prepare<[string], UploadRow>('SELECT * FROM uploads WHERE upload_id = ?')
  const stale = db.prepare<[number], UploadRow>('SELECT * FROM uploads WHERE created_at_ms < ?')
  const removeUpload = db.prepare('DELETE FROM uploads WHERE upload_id = ?')
  return {
    insert: (job: { jobId: string; kind: JobKind; step: string; input: JobInput }, nowMs: number): void =>
      void insert.run(job.jobId, job.kind, job.step, nowMs, JSON.stringify(job.input)),
    /** @returns how many there were with this one. */
    beginAttempt: (jobId: string): number => beginAttempt.all(jobId)[0]?.attempts ?? 0,
    /** Forgets all but so many of the latest; never one that runs. */
    trim: (kept: number): void => void trim.run(kept),
    /** @param progress 0 to 1. */
    advance: (jobId: string, step: string, progress: number): void => void advance.run(step, progress, jobId),
    /** A job ends once; ending it again changes nothing. */
    end(
      jobId: string,
      outcome: { state: Exclude<JobState, 'running'>; result?: Record<string, unknown>; error?: JobError },
      nowMs: number,
    ): void {
      const progress = outcome.state === 'done' ? 1 : (one.get(jobId)?.progress ?? 0)
      end.run(outcome.state, progress, nowMs, toJson(outcome.result), toJson(outcome.error), jobId)
    },
    get: (jobId: string): JobRecord | undefined => one.all(jobId).map(toJob)[0],
    recent: (limit: number): JobRecord[] => recent.all(limit).map(toJob),
    running: (): JobRecord[] => running.all().map(toJob),
    insertUpload(u: Omit<UploadRecord, 'receivedBytes'>, nowMs: number): void {
      insertUpload.run(u.uploadId, u.fileName, u.contentType, u.byteLength, nowMs)
    },
    receive: (uploadId: string, receivedBytes: number): void => void receive.run(receivedBytes, uploadId),
    upload: (uploadId: string): UploadRecord | undefined => upload.all(uploadId).map(toUpload)[0],
    uploadsBefore: (ms: number): UploadRecord[] => stale.all(ms).map(toUpload),
    removeUpload: (uploadId: string): void => void removeUpload.run(uploadId),
  }
}

const toJson = (value: object | undefined): string | null => (value === undefined ? null : JSON.stringify(value))

const toJob = (row: JobRow): JobRecord => ({
  jobId: row.job_id,
  kind: row.kind,
  state: row.state,
  step: row.step,
  progress: row.progress,
  startedAtMs: row.started_at_ms,
  endedAtMs: row.ended_at_ms,
  result: row.result === null ? null : (JSON.parse(row.result) as Record<string, unknown>), // written by `end` above
  error: row.error === null ? null : (JSON.parse(row.error) as JobError), // likewise
  input: row.input === null ? null : (JSON.parse(row.input) as JobInput), // written by `insert` above
  attempts: row.attempts,
})

const toUpload = (row: UploadRow): UploadRecord => ({
  uploadId: row.upload_id,
  fileName: row.file_name,
  contentType: row.content_type,
  byteLength: row.byte_length,
  receivedBytes: row.received_bytes,
})
