/** What moves a post's level, its end and the deadlines, and where seeds come from: settlements, lapses, early ends, pauses, beacons. */

import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import type { Db } from './database.ts'
import { createPausesTable } from './pauses-table.ts'

type Event<K extends ChainEvent['kind']> = Extract<ChainEvent, { kind: K }>

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
    /** Posts whose level rose, ever. */
    escalatedCount: (): number => escalated.get()?.n ?? 0,
    /** Whether transactions of this block, which is not before the last pause, meet a paused protocol. */
    isPausedAt(block: number): boolean {
      const last = pauses.all().at(-1)
      return last !== undefined && block <= last.untilBlock
    },
    /** The pause that started last and was not ended early; `untilBlock` is its last block. */
    lastPause(): { readonly sinceBlock: number; readonly untilBlock: number } | undefined {
      const last = lastPause.get()
      if (last === undefined || last.until_block === null) return undefined
      return { sinceBlock: last.block_number, untilBlock: last.until_block }
    },
    /** Where the seed of an epoch comes from; undefined when the chain has not said. */
    beaconIn: (epoch: number): Hex | undefined => beacon.get(epoch)?.beacon as Hex | undefined, // only addresses were ever stored
  }
}
