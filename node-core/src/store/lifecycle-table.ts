/** What moves a post's level, its end and the deadlines, and where seeds come from: settlements, lapses, early ends, pauses, beacons. */

import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { LAST_LEVEL } from '../domain/custody-parameters.ts'
import type { Pause } from '../domain/pause.ts'
import type { Db } from './database.ts'
import { createPausesTable } from './pauses-table.ts'

type Event<K extends ChainEvent['kind']> = Extract<ChainEvent, { kind: K }>

/** A post that a settlement in `epoch` would move. */
export type Unsettled = {
  readonly postId: Hex
  readonly salt: Hex
  readonly publisher: Hex
  /** Bit = operator index. */
  readonly attesters: bigint
  /** No operator was drawn that could have answered. */
  readonly isUndrawnAtLastLevel: boolean
}

/**
 * Enough proofs move a post that is above level 0 or at risk; too few any that is not both at the last level and at risk. Compares as
 * the contract does: proven · 10,000 >= challenged · custodyBps.
 */
export const UNSETTLED = `SELECT k.post_id, k.salt, p.publisher, a.attesters, k.level >= @lastLevel
    AND NOT EXISTS (SELECT 1 FROM challenges c WHERE c.post_id = k.post_id AND c.epoch = k.epoch) AS is_undrawn
  FROM picks k JOIN posts p USING (post_id) JOIN attestations a USING (post_id)
  WHERE k.epoch = @epoch
  AND NOT EXISTS (SELECT 1 FROM settlements s WHERE s.post_id = k.post_id AND s.epoch = k.epoch)
  AND NOT EXISTS (SELECT 1 FROM post_endings e WHERE e.post_id = k.post_id AND e.end_epoch <= k.epoch)
  AND CASE
    WHEN (SELECT count(*) > 0 AND 10000 * (SELECT count(*) FROM proofs f WHERE f.post_id = k.post_id AND f.epoch = k.epoch)
      >= @custodyBps * count(*) FROM challenges c WHERE c.post_id = k.post_id AND c.epoch = k.epoch)
    THEN k.level > 0 OR coalesce((SELECT s.is_at_risk FROM settlements s WHERE s.post_id = k.post_id AND s.epoch < k.epoch
      ORDER BY s.epoch DESC LIMIT 1), 0)
    ELSE k.level < @lastLevel OR NOT coalesce((SELECT s.is_at_risk FROM settlements s WHERE s.post_id = k.post_id
      AND s.epoch < k.epoch ORDER BY s.epoch DESC LIMIT 1), 0)
  END`

type UnsettledRow = { post_id: string; salt: string; publisher: string; attesters: string; is_undrawn: 0 | 1 }

export type LifecycleTable = ReturnType<typeof createLifecycleTable>

export function createLifecycleTable(db: Db) {
  const insertSettlement =
    db.prepare(`INSERT INTO settlements (post_id, epoch, level, next_level, challenged, proven, is_at_risk, settler, block_hash,
    tx_hash, log_index) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertEnding = db.prepare(
    'INSERT INTO post_endings (block_hash, log_index, tx_hash, post_id, end_epoch) VALUES (?, ?, ?, ?, ?)',
  )
  const insertPause =
    db.prepare(`INSERT INTO pauses (block_hash, log_index, tx_hash, block_number, epoch, until_block, closes_at_block,
    reports_close_at_block) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertClosing = db.prepare(
    'INSERT INTO post_closings (block_hash, log_index, tx_hash, block_number, post_id, kind) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const insertReopening =
    db.prepare(`INSERT INTO post_reopenings (post_id, attestation_deadline_block, block_hash, block_number, tx_hash, log_index)
    VALUES (?, ?, ?, ?, ?, ?)`)
  const insertBeacon = db.prepare(
    'INSERT INTO beacons (block_hash, log_index, tx_hash, block_number, from_epoch, beacon) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const isSettled = db.prepare<[string, number], { epoch: number }>(
    'SELECT epoch FROM settlements WHERE post_id = ? AND epoch = ?',
  )
  const unsettled = db.prepare<object, UnsettledRow>(UNSETTLED)
  const escalated = db.prepare<[], { n: number }>(
    'SELECT count(DISTINCT post_id) AS n FROM settlements WHERE next_level > level',
  )
  const pauses = createPausesTable(db)
  const beacon = db.prepare<[number], { beacon: string }>(
    'SELECT beacon FROM beacons WHERE from_epoch <= ? ORDER BY block_number DESC, log_index DESC LIMIT 1',
  )
  return {
    insertSettlement(e: Event<'postSettled'>, blockHash: Hex): void {
      const { postId, epoch, level, nextLevel, challenged, proven, settler } = e
      const isAtRisk = e.isAtRisk ? 1 : 0
      const place = [blockHash, e.txHash, e.logIndex] as const
      insertSettlement.run(postId, epoch, level, nextLevel, challenged, proven, isAtRisk, settler, ...place)
    },
    insertEnding: (e: Event<'postEnding'>, blockHash: Hex): void =>
      void insertEnding.run(blockHash, e.logIndex, e.txHash, e.postId, e.endEpoch),
    insertClosing(e: Event<'postLapsed'> | Event<'postDropped'>, block: BlockRef): void {
      const kind = e.kind === 'postLapsed' ? 'lapsed' : 'dropped'
      insertClosing.run(block.hash, e.logIndex, e.txHash, block.number, e.postId, kind)
    },
    insertReopening: (e: Event<'postReopened'>, block: BlockRef): void =>
      void insertReopening.run(e.postId, e.attestationDeadlineBlock, block.hash, block.number, e.txHash, e.logIndex),
    insertPause(e: Event<'pauseStarted'> | Event<'pauseEnded'>, block: BlockRef): void {
      const untilBlock = e.kind === 'pauseStarted' ? e.untilBlock : null
      const place = [block.hash, e.logIndex, e.txHash, block.number] as const
      insertPause.run(...place, e.epoch, untilBlock, e.closesAtBlock, e.reportsCloseAtBlock)
    },
    insertBeacon: (e: Event<'beaconChanged'>, block: BlockRef): void =>
      void insertBeacon.run(block.hash, e.logIndex, e.txHash, block.number, e.fromEpoch, e.beacon),
    isSettled: (postId: string, epoch: number): boolean => isSettled.get(postId, epoch) !== undefined,
    /** Of the posts that the epoch's seed picked; one after the other, as far as the caller goes. */
    *unsettledIn(epoch: number, custodyBps: number): Generator<Unsettled> {
      for (const row of unsettled.iterate({ epoch, custodyBps, lastLevel: LAST_LEVEL }))
        yield {
          postId: row.post_id as Hex, // only hex was ever stored in these columns
          salt: row.salt as Hex, // likewise
          publisher: row.publisher as Hex, // likewise
          attesters: BigInt(row.attesters),
          isUndrawnAtLastLevel: row.is_undrawn === 1,
        }
    },
    /** Posts whose level rose, ever. */
    escalatedCount: (): number => escalated.get()?.n ?? 0,
    /** Whether transactions of this block, which is not before the last pause, meet a paused protocol. */
    isPausedAt(block: number): boolean {
      const last = pauses.all().at(-1)
      return last !== undefined && block <= last.untilBlock
    },
    /** The pause that began last, which may go on. */
    lastPause: (): Pause | undefined => pauses.all().at(-1),
    /** Where the seed of an epoch comes from; undefined when the chain has not said. */
    beaconIn: (epoch: number): Hex | undefined => beacon.get(epoch)?.beacon as Hex | undefined, // only addresses were ever stored
  }
}
