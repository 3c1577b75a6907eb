/** Proofs that the chain accepted, and the answers that this node made for them. */

import type { Hex } from '../base/hex.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import type { ChallengeKey } from '../domain/challenge.ts'
import type { Db } from './database.ts'
import { sql } from './sql.ts'

type ProofAccepted = Extract<ChainEvent, { kind: 'proofAccepted' }>
type ProofRow = {
  post_id: string
  epoch: number
  operator: number
  level: number
  stratum: number
  opening: string
  batch_size: number
  submitter: string
  block_number: number
  tx_hash: string
  log_index: number
  timestamp_seconds: number
}
type AnswerRow = {
  salt: string
  state: Answer['state']
  points: string | null
  paths: string | null
  y: string | null
  proof: string | null
  error: string | null
  attempts: number
  timings: string | null
  updated_at_ms: number
}

export type AcceptedProof = ChallengeKey & {
  readonly level: number
  readonly stratum: number
  /** Hash of the 192 bytes that the precompile accepted. */
  readonly opening: Hex
  /** How many proofs share the opening; 1 for a proof that came alone. */
  readonly batchSize: number
  readonly submitter: Hex
  readonly blockNumber: number
  /** Unix seconds of the block. */
  readonly acceptedAt: number
  readonly txHash: Hex
}
/**
 * What `prove` and `proveFolded` take. `points`: the commitment of one blob, 48 bytes, or those of several, 128 bytes each; `paths`: their
 * Merkle paths, one after the other.
 */
export type Opening = {
  readonly points: Hex
  readonly paths: readonly Hex[]
  readonly y: bigint
  readonly proof: Hex
}
/** Milliseconds of each part; those after `openMs` are filled in as they happen. */
export type AnswerTimings = {
  readonly deriveMs: number
  readonly readMs: number
  readonly foldMs: number
  readonly openMs: number
  readonly sendMs: number
  readonly confirmMs: number
}
export const NO_TIMINGS: AnswerTimings = { deriveMs: 0, readMs: 0, foldMs: 0, openMs: 0, sendMs: 0, confirmMs: 0 }

export type Answer = {
  readonly salt: Hex
  readonly state: 'proving' | 'ready' | 'failed'
  /** Null also for an answer that went out in a batch. */
  readonly opening: Opening | null
  readonly error: string | null
  readonly attempts: number
  readonly timings: AnswerTimings | null
}
export type ProofCursor = { readonly blockNumber: number; readonly logIndex: number }
export type ProofsTable = ReturnType<typeof createProofsTable>

const SELECT = `SELECT p.*, b.timestamp_seconds,
  (SELECT count(*) FROM proofs o WHERE o.tx_hash = p.tx_hash AND o.opening = p.opening) AS batch_size
  FROM proofs p JOIN blocks b ON b.hash = p.block_hash`

export function createProofsTable(db: Db) {
  const insert =
    db.prepare(`INSERT INTO proofs (post_id, epoch, operator, level, stratum, opening, submitter, block_hash, block_number,
    tx_hash, log_index) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const one = db.prepare<[string, number, number], ProofRow>(
    sql(SELECT, 'WHERE p.post_id = ? AND p.epoch = ? AND p.operator = ?'),
  )
  const page = db.prepare<object, ProofRow>(
    sql(
      SELECT,
      'WHERE (@operator IS NULL OR p.operator = @operator) AND (@postId IS NULL OR p.post_id = @postId)',
      'AND (p.block_number, p.log_index) < (@blockNumber, @logIndex)',
      'ORDER BY p.block_number DESC, p.log_index DESC LIMIT @limit',
    ),
  )
  const total = db.prepare<object, { n: number }>(
    'SELECT count(*) AS n FROM proofs p WHERE (@operator IS NULL OR p.operator = @operator) AND (@postId IS NULL OR p.post_id = @postId)',
  )
  const answer = db.prepare<[string, number, number, string], AnswerRow>(
    'SELECT * FROM answers WHERE post_id = ? AND epoch = ? AND operator = ? AND salt = ?',
  )
  const begin =
    db.prepare(`INSERT INTO answers (post_id, epoch, operator, salt, state, attempts, updated_at_ms) VALUES (?, ?, ?, ?, 'proving', 1, ?)
    ON CONFLICT DO UPDATE SET state = 'proving', error = NULL, attempts = attempts + 1, updated_at_ms = excluded.updated_at_ms`)
  const ready =
    db.prepare(`INSERT INTO answers (points, paths, y, proof, timings, updated_at_ms, post_id, epoch, operator, salt, state, attempts)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'ready', 0) ON CONFLICT DO UPDATE SET state = 'ready', points = excluded.points,
    paths = excluded.paths, y = excluded.y, proof = excluded.proof, timings = excluded.timings, error = NULL,
    updated_at_ms = excluded.updated_at_ms`)
  const batched = db.prepare(`UPDATE answers SET state = 'ready', timings = ?, error = NULL, updated_at_ms = ?
    WHERE post_id = ? AND epoch = ? AND operator = ? AND salt = ?`)
  const fail =
    db.prepare(`UPDATE answers SET state = CASE WHEN proof IS NULL THEN 'failed' ELSE 'ready' END, error = ?, updated_at_ms = ?
    WHERE post_id = ? AND epoch = ? AND operator = ? AND salt = ?`)
  const timings = db.prepare(
    'UPDATE answers SET timings = ?, updated_at_ms = ? WHERE post_id = ? AND epoch = ? AND operator = ? AND salt = ?',
  )
  const confirm = db.prepare<
    object,
    { ms: number }
  >(`UPDATE answers SET timings = json_set(timings, '$.confirmMs', @nowMs - updated_at_ms)
    WHERE post_id = @postId AND epoch = @epoch AND operator = @operator AND timings IS NOT NULL
    AND json_extract(timings, '$.confirmMs') = 0 RETURNING json_extract(timings, '$.confirmMs') AS ms`)
  const trim = db.prepare<[number]>(
    'UPDATE answers SET points = NULL, paths = NULL, y = NULL, proof = NULL WHERE proof IS NOT NULL AND epoch < ?',
  )
  const at = (key: ChallengeKey, salt: string): [string, number, number, string] => [
    key.postId,
    key.epoch,
    key.operator,
    salt,
  ]
  return {
    insert(e: ProofAccepted, block: { hash: Hex; number: number }): void {
      insert.run(
        e.postId,
        e.epoch,
        e.operator,
        e.level,
        e.stratum,
        e.opening,
        e.submitter,
        block.hash,
        block.number,
        e.txHash,
        e.logIndex,
      )
    },
    get: (key: ChallengeKey): AcceptedProof | undefined => one.all(key.postId, key.epoch, key.operator).map(toProof)[0],
    /** Newest first, below the cursor. */
    page(
      filter: { operator?: number | undefined; postId?: string | undefined },
      after: ProofCursor | null,
      limit: number,
    ): { proof: AcceptedProof; cursor: ProofCursor }[] {
      const from = { blockNumber: after?.blockNumber ?? Number.MAX_SAFE_INTEGER, logIndex: after?.logIndex ?? 0 }
      return page
        .all({ operator: filter.operator ?? null, postId: filter.postId ?? null, ...from, limit })
        .map(row => ({ proof: toProof(row), cursor: { blockNumber: row.block_number, logIndex: row.log_index } }))
    },
    total: (filter: { operator?: number | undefined; postId?: string | undefined }): number =>
      total.get({ operator: filter.operator ?? null, postId: filter.postId ?? null })?.n ?? 0,

    answer: (key: ChallengeKey, salt: string): Answer | undefined => answer.all(...at(key, salt)).map(toAnswer)[0],
    beginAnswer: (key: ChallengeKey, salt: string, nowMs: number): void => void begin.run(...at(key, salt), nowMs),
    /** Also before its answer began: then it has no attempts yet. */
    keepOpening(key: ChallengeKey, salt: string, opening: Opening, spent: AnswerTimings, nowMs: number): void {
      ready.run(
        opening.points,
        JSON.stringify(opening.paths),
        opening.y.toString(),
        opening.proof,
        JSON.stringify(spent),
        nowMs,
        ...at(key, salt),
      )
    },
    /** The answer is part of a batch, and has no opening of its own. */
    keepBatched: (key: ChallengeKey, salt: string, spent: AnswerTimings, nowMs: number): void =>
      void batched.run(JSON.stringify(spent), nowMs, ...at(key, salt)),
    /** The accepted proof was seen: what passed since it was sent is the time of confirmation. @returns it, said once. */
    noteConfirmed: (key: ChallengeKey, nowMs: number): number | undefined =>
      confirm.all({ postId: key.postId, epoch: key.epoch, operator: key.operator, nowMs })[0]?.ms,
    /** Forgets the openings, not the times, of epochs before this one: who asks for one gets it made again. */
    trimOpenings: (epoch: number): void => void trim.run(epoch),
    /** An answer with a proof stays ready: only what came after it failed. */
    failAnswer: (key: ChallengeKey, salt: string, code: string, nowMs: number): void =>
      void fail.run(code, nowMs, ...at(key, salt)),
    keepTimings: (key: ChallengeKey, salt: string, spent: AnswerTimings, nowMs: number): void =>
      void timings.run(JSON.stringify(spent), nowMs, ...at(key, salt)),
  }
}

// SQLite gives plain strings; only hex was ever stored in these columns.
const toProof = (row: ProofRow): AcceptedProof => ({
  postId: row.post_id as Hex,
  epoch: row.epoch,
  operator: row.operator,
  level: row.level,
  stratum: row.stratum,
  opening: row.opening as Hex, // likewise
  batchSize: row.batch_size,
  submitter: row.submitter as Hex, // likewise
  blockNumber: row.block_number,
  acceptedAt: row.timestamp_seconds,
  txHash: row.tx_hash as Hex, // likewise
})

function toAnswer(row: AnswerRow): Answer {
  const { points, paths, y, proof } = row
  const isComplete = points !== null && paths !== null && y !== null && proof !== null
  return {
    salt: row.salt as Hex, // only hex was ever stored
    state: row.state,
    // Written by `keepOpening` above.
    opening: isComplete
      ? { points: points as Hex, paths: JSON.parse(paths) as Hex[], y: BigInt(y), proof: proof as Hex }
      : null,
    error: row.error,
    attempts: row.attempts,
    // Written by `keepOpening` and `keepTimings`; rows from before folding was measured have no time for it.
    timings: row.timings === null ? null : { ...NO_TIMINGS, ...(JSON.parse(row.timings) as Partial<AnswerTimings>) },
  }
}
