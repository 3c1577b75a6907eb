/** Epoch seeds, the challenges derived from them, and what the chain said of each: proofs, rejections, misses. */

import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import type { Challenge, ChallengeKey } from '../domain/challenge.ts'
import { type Level, unpackParameters } from '../domain/custody-parameters.ts'
import type { Db } from './database.ts'
import { sql } from './sql.ts'

type Event<K extends ChainEvent['kind']> = Extract<ChainEvent, { kind: K }>
type ChallengeRow = {
  post_id: string
  epoch: number
  operator: number
  level: number
  stratum: number
  salt: string
  indexes: string
  z: string
  gamma: string
  opened_block: number
  closes_at_block: number
  is_proven: number
  is_missed: number
}
type EpochRow = {
  epoch: number
  seed: string
  prev_randao: string
  seed_block: number
  closes_at_block: number
  reports_close_at_block: number
  parameters: string
}

export type StoredChallenge = { readonly challenge: Challenge; readonly isProven: boolean; readonly isMissed: boolean }
/** Both deadlines as they stand: pauses move them. */
export type EpochRecord = {
  readonly epoch: number
  readonly seed: Hex
  readonly prevRandao: Hex
  readonly seedBlock: number
  readonly closesAtBlock: number
  readonly reportsCloseAtBlock: number
  readonly parameters: bigint
}
export type ChallengeFilter = {
  readonly operator?: number | undefined
  readonly postId?: string | undefined
  readonly epoch?: number | undefined
}
/** Numbers of challenges. */
export type Outcome = { readonly challenged: number; readonly proven: number; readonly missed: number }
/** Numbers of proofs that did not verify. Anybody may send rubbish for an operator: only `own` is this node's doing. */
export type Rejections = { readonly own: number; readonly others: number }
/** Challenges of one operator; `overdue`: neither proven nor reported, and too late to prove. */
export type StateCounts = {
  readonly open: number
  readonly proven: number
  readonly missed: number
  readonly overdue: number
}
/** Deadlines rise with the epochs. */
export type ChallengeCursor = { readonly epoch: number; readonly postId: string; readonly operator: number }
export type ChallengesTable = ReturnType<typeof createChallengesTable>

const SELECT = `SELECT c.*, d.closes_at_block,
  EXISTS (SELECT 1 FROM proofs p WHERE p.post_id = c.post_id AND p.epoch = c.epoch AND p.operator = c.operator) AS is_proven,
  EXISTS (SELECT 1 FROM misses m WHERE m.post_id = c.post_id AND m.epoch = c.epoch AND m.operator = c.operator) AS is_missed
  FROM challenges c JOIN epoch_deadlines d ON d.epoch = c.epoch`
/** The view has a row for each of them. */
const EPOCHS = `SELECT e.epoch, e.seed, e.prev_randao, e.seed_block, e.parameters, d.closes_at_block, d.reports_close_at_block
  FROM epochs e JOIN epoch_deadlines d ON d.epoch = e.epoch`
const NARROWED =
  '(@operator IS NULL OR c.operator = @operator) AND (@postId IS NULL OR c.post_id = @postId) AND (@epoch IS NULL OR c.epoch = @epoch)'

export const REJECTIONS = `SELECT operator, count(*) AS n, submitter IN (SELECT value FROM json_each(@own)) AS is_own
  FROM rejections GROUP BY operator, submitter`

export function createChallengesTable(db: Db) {
  const insertEpoch =
    db.prepare(`INSERT INTO epochs (epoch, seed, prev_randao, seed_block, closes_at_block, reports_close_at_block, parameters,
    finaliser, block_hash, block_number, tx_hash, log_index) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const insert =
    db.prepare(`INSERT INTO challenges (post_id, epoch, operator, level, stratum, salt, indexes, z, gamma, opened_block,
    block_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertPick = db.prepare('INSERT INTO picks (epoch, post_id, level, salt, block_hash) VALUES (?, ?, ?, ?, ?)')
  const insertMiss =
    db.prepare(`INSERT INTO misses (post_id, epoch, operator, level, reporter, block_hash, tx_hash, log_index)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertRejection =
    db.prepare(`INSERT INTO rejections (block_hash, log_index, tx_hash, post_id, epoch, operator, submitter, reason)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const rejections = db.prepare<{ own: string }, { operator: number; n: number; is_own: number }>(REJECTIONS)
  const epochs = db.prepare<[number], EpochRow>(sql(EPOCHS, 'WHERE e.epoch = ?'))
  const latest = db.prepare<[], EpochRow>(sql(EPOCHS, 'ORDER BY e.epoch DESC LIMIT 1'))
  const one = db.prepare<[string, number, number], ChallengeRow>(
    sql(SELECT, 'WHERE c.post_id = ? AND c.epoch = ? AND c.operator = ?'),
  )
  const unproven = db.prepare<object, ChallengeRow>(
    sql(
      SELECT,
      'WHERE c.epoch = @epoch AND is_proven = 0 AND is_missed = 0',
      'AND (@operators IS NULL OR c.operator IN (SELECT value FROM json_each(@operators)))',
      'ORDER BY c.operator, c.post_id',
    ),
  )
  const page = db.prepare<object, ChallengeRow>(
    sql(
      SELECT,
      'WHERE',
      NARROWED,
      'AND (c.epoch, c.post_id, c.operator) < (@afterEpoch, @afterPost, @afterOperator)',
      'ORDER BY c.epoch DESC, c.post_id DESC, c.operator DESC LIMIT @limit',
    ),
  )
  const total = db.prepare<object, { n: number }>(sql('SELECT count(*) AS n FROM challenges c WHERE', NARROWED))
  const ofPost = db.prepare<{ postId: string }, { proven: number; missed: number }>(
    'SELECT (SELECT count(*) FROM proofs WHERE post_id = @postId) AS proven, (SELECT count(*) FROM misses WHERE post_id = @postId) AS missed',
  )
  const outcome = db.prepare<{ operators: string }, { proven: number; missed: number }>(`SELECT
    (SELECT count(*) FROM proofs WHERE operator IN (SELECT value FROM json_each(@operators))) AS proven,
    (SELECT count(*) FROM misses WHERE operator IN (SELECT value FROM json_each(@operators))) AS missed`)
  const ofOperator = db.prepare<
    { operator: number; openEpoch: number },
    Omit<StateCounts, 'overdue'> & { challenged: number }
  >(`SELECT (SELECT count(*) FROM challenges WHERE operator = @operator) AS challenged,
    (SELECT count(*) FROM proofs WHERE operator = @operator) AS proven,
    (SELECT count(*) FROM misses WHERE operator = @operator) AS missed,
    (SELECT count(*) FROM challenges c WHERE c.operator = @operator AND c.epoch = @openEpoch
      AND NOT EXISTS (SELECT 1 FROM proofs p WHERE p.post_id = c.post_id AND p.epoch = c.epoch AND p.operator = c.operator)
      AND NOT EXISTS (SELECT 1 FROM misses m WHERE m.post_id = c.post_id AND m.epoch = c.epoch AND m.operator = c.operator)) AS open`)
  const lastDue = db.prepare<{ operators: string; head: number }, Outcome>(`
    WITH own AS (SELECT value AS operator FROM json_each(@operators)),
    due AS (SELECT d.epoch FROM epoch_deadlines d WHERE d.closes_at_block <= @head
      AND EXISTS (SELECT 1 FROM challenges c WHERE c.epoch = d.epoch AND c.operator IN own) ORDER BY d.epoch DESC LIMIT 1)
    SELECT (SELECT count(*) FROM challenges WHERE epoch IN due AND operator IN own) AS challenged,
      (SELECT count(*) FROM proofs WHERE epoch IN due AND operator IN own) AS proven,
      (SELECT count(*) FROM misses WHERE epoch IN due AND operator IN own) AS missed`)
  return {
    /** Over all time, for the operators given. */
    outcomes: (operators: readonly number[]): { proven: number; missed: number } =>
      outcome.get({ operators: JSON.stringify(operators) }) ?? { proven: 0, missed: 0 },
    /** @param openEpoch the one whose deadline is still to come; undefined when there is none. */
    countsOf(operator: number, openEpoch: number | undefined): StateCounts {
      const found = ofOperator.get({ operator, openEpoch: openEpoch ?? -1 })
      const { challenged, open, proven, missed } = found ?? { challenged: 0, open: 0, proven: 0, missed: 0 }
      return { open, proven, missed, overdue: Math.max(0, challenged - open - proven - missed) }
    },
    /** In the latest epoch that asked something of the operators and whose deadline `head` has reached; all 0 before the first. */
    lastDue: (operators: readonly number[], head: number): Outcome =>
      lastDue.get({ operators: JSON.stringify(operators), head }) ?? { challenged: 0, proven: 0, missed: 0 },
    insertEpoch(e: Event<'seedFinalised'>, block: BlockRef): void {
      const reportsCloseAtBlock = e.closesAtBlock + unpackParameters(e.parameters).reportWindowBlocks
      insertEpoch.run(
        ...[e.epoch, e.seed, e.prevRandao, e.seedBlock, e.closesAtBlock, reportsCloseAtBlock],
        ...[e.parameters.toString(), e.finaliser, block.hash, block.number, e.txHash, e.logIndex],
      )
    },
    insertPick: (epoch: number, p: { postId: Hex; level: Level; salt: Hex }, blockHash: Hex): void =>
      void insertPick.run(epoch, p.postId, p.level, p.salt, blockHash),
    insert(c: Challenge, blockHash: Hex): void {
      insert.run(
        c.postId,
        c.epoch,
        c.operator,
        c.level,
        c.stratum,
        c.salt,
        JSON.stringify(c.indexes),
        c.z.toString(),
        c.gamma.toString(),
        c.openedBlock,
        blockHash,
      )
    },
    insertMiss(e: Event<'challengeMissed'>, blockHash: Hex): void {
      insertMiss.run(e.postId, e.epoch, e.operator, e.level, e.reporter, blockHash, e.txHash, e.logIndex)
    },
    insertRejection(e: Event<'proofRejected'>, blockHash: Hex): void {
      insertRejection.run(blockHash, e.logIndex, e.txHash, e.postId, e.epoch, e.operator, e.submitter, e.reason)
    },
    /** By operator; one without a rejected proof is left out. @param own addresses of this node, in lower case. */
    rejections(own: readonly string[]): ReadonlyMap<number, Rejections> {
      const counts = new Map<number, Rejections>()
      for (const { operator, n, is_own } of rejections.all({ own: JSON.stringify(own) })) {
        const before = counts.get(operator) ?? NO_REJECTIONS
        const who = is_own === 1 ? 'own' : 'others'
        counts.set(operator, { ...before, [who]: before[who] + n })
      }
      return counts
    },
    epoch: (epoch: number): EpochRecord | undefined => epochs.all(epoch).map(toEpoch)[0],
    latestEpoch: (): EpochRecord | undefined => latest.all().map(toEpoch)[0],
    get: (key: ChallengeKey): StoredChallenge | undefined =>
      one.all(key.postId, key.epoch, key.operator).map(toChallenge)[0],
    /** Of an epoch, neither proven nor reported; by operator, then post. @param operators everybody's when not given. */
    unanswered: (epoch: number, operators?: readonly number[]): Challenge[] =>
      unproven
        .all({ epoch, operators: operators === undefined ? null : JSON.stringify(operators) })
        .map(row => toChallenge(row).challenge),
    /** Newest epoch first, below the cursor. */
    page(filter: ChallengeFilter, after: ChallengeCursor | null, limit: number): StoredChallenge[] {
      return page
        .all({
          ...narrow(filter),
          afterEpoch: after?.epoch ?? Number.MAX_SAFE_INTEGER,
          afterPost: after?.postId ?? '',
          afterOperator: after?.operator ?? 0,
          limit,
        })
        .map(toChallenge)
    },
    total: (filter: ChallengeFilter): number => total.get(narrow(filter))?.n ?? 0,
    countsOfPost: (postId: string): { proven: number; missed: number } =>
      ofPost.get({ postId }) ?? { proven: 0, missed: 0 },
  }
}

export const NO_REJECTIONS: Rejections = { own: 0, others: 0 }

const narrow = (filter: ChallengeFilter) => ({
  operator: filter.operator ?? null,
  postId: filter.postId ?? null,
  epoch: filter.epoch ?? null,
})

// SQLite gives plain strings; only hex was ever stored in these columns.
const toEpoch = (row: EpochRow): EpochRecord => ({
  epoch: row.epoch,
  seed: row.seed as Hex,
  prevRandao: row.prev_randao as Hex,
  seedBlock: row.seed_block,
  closesAtBlock: row.closes_at_block,
  reportsCloseAtBlock: row.reports_close_at_block,
  parameters: BigInt(row.parameters),
})

const toChallenge = (row: ChallengeRow): StoredChallenge => ({
  challenge: {
    postId: row.post_id as Hex, // likewise
    epoch: row.epoch,
    operator: row.operator,
    level: row.level,
    stratum: row.stratum,
    salt: row.salt as Hex, // likewise
    indexes: JSON.parse(row.indexes) as number[], // written by `insert` above
    z: BigInt(row.z),
    gamma: BigInt(row.gamma),
    openedBlock: row.opened_block,
    deadlineBlock: row.closes_at_block,
  },
  isProven: row.is_proven === 1,
  isMissed: row.is_missed === 1,
})
