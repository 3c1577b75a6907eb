/** Catches up far below the head, where blocks don't change any more: range by range instead of block by block. */

import { AppError, isAppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { BlocksTable } from '../store/blocks-table.ts'
import type { ChainSource, RawLog } from './chain-source.ts'
import type { BlockWithLogs, CommitBlocks } from './commit-blocks.ts'
import { afterAnswer, afterLimit, fullRange, halfOf, limitIn } from './log-range.ts'
import { NO_ANSWER_IN_TIME } from './rpc-client.ts'

export type BackfillOptions = {
  readonly source: ChainSource
  readonly blocks: BlocksTable
  readonly commit: CommitBlocks
  readonly keepBlocks: number
  /** Most blocks asked for at once. Endpoints have limits of their own, so the size follows what succeeds. */
  readonly backfillRange: number
}

/** Requests under way at once. */
const PARALLEL = 16

export function createBackfill({ source, blocks, commit, keepBlocks, backfillRange }: BackfillOptions) {
  let range = fullRange(backfillRange)

  /** Smaller with each refusal until the endpoint takes it. @returns the last block too. */
  async function logsFrom(
    from: number,
    limit: number,
  ): Promise<{ to: number; end: BlockRef; logs: readonly RawLog[] }> {
    for (;;) {
      const to = Math.min(from + range.blocks - 1, limit)
      const end = await blockAt(source, to)
      try {
        const logs = await source.logsBetween(from, to)
        range = afterAnswer(range, logs.length, backfillRange)
        return { to, end, logs }
      } catch (error) {
        const reason = isAppError(error, 'RPC_UNAVAILABLE') ? String(error.data.reason) : ''
        const refused = limitIn(reason)
        // An answer that takes too long may have too much in it.
        if (refused === undefined && reason === NO_ANSWER_IN_TIME) range = { ...range, blocks: halfOf(range.blocks) }
        if (refused === undefined || to === from) throw error
        range = afterLimit(to - from + 1, refused)
      }
    }
  }

  return {
    /** Blocks so far below the head are caught up by ranges. */
    isNeeded: (held: BlockRef, head: BlockRef): boolean => head.number - held.number > keepBlocks,

    /**
     * Takes one range after the newest block held, ending `keepBlocks / 2` below the head at most.
     * @throws AppError REORG_TOO_DEEP {oldest} when no block of the tail is in the chain any more.
     */
    async next(held: BlockRef, head: BlockRef): Promise<void> {
      const from = held.number + 1
      const abandoned = await findAbandoned(source, blocks.tail(keepBlocks))
      if (abandoned.length > 0) return commit(abandoned, [])
      const { to, end, logs } = await logsFrom(from, head.number - Math.ceil(keepBlocks / 2))
      const applied = await withBlocks(source, logs)
      // The same block at the end, before and after: all logs are of its branch.
      if ((await blockAt(source, to)).hash !== end.hash) throw vanished(to)
      commit([], applied.at(-1)?.block.hash === end.hash ? applied : [...applied, { block: end, logs: [] }])
    },
  }
}

const vanished = (block: number): AppError =>
  new AppError('RPC_UNAVAILABLE', { reason: 'the chain changed while it was read', block })

async function blockAt(source: ChainSource, number: number): Promise<BlockRef> {
  const block = await source.blockByNumber(number)
  if (block === undefined) throw vanished(number)
  return block
}

/** @returns what of the tail is not in the chain any more, newest first: a reorg that happened while the node was away. */
async function findAbandoned(source: ChainSource, tail: readonly BlockRef[]): Promise<BlockRef[]> {
  const abandoned: BlockRef[] = []
  for (const block of tail.toReversed()) {
    if ((await source.blockByNumber(block.number))?.hash === block.hash) return abandoned
    abandoned.push(block)
  }
  throw new AppError('REORG_TOO_DEEP', { oldest: tail[0]?.number })
}

/** @returns the logs by block, in the order of the chain. */
async function withBlocks(source: ChainSource, logs: readonly RawLog[]): Promise<BlockWithLogs[]> {
  const byBlock = Map.groupBy(logs, log => log.blockHash)
  const hashes: Hex[] = [...byBlock.keys()]
  const result: BlockWithLogs[] = []
  for (let at = 0; at < hashes.length; at += PARALLEL) {
    const blocks = await Promise.all(hashes.slice(at, at + PARALLEL).map(hash => source.blockByHash(hash)))
    for (const block of blocks) {
      const logsOfBlock = block === undefined ? [] : (byBlock.get(block.hash) ?? [])
      if (block === undefined || logsOfBlock.some(log => log.blockNumber !== block.number))
        throw vanished(logs[0]?.blockNumber ?? 0)
      result.push({ block, logs: logsOfBlock })
    }
  }
  return result
}
