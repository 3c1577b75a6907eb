/** One look at the chain: brings the store from the newest block held to the head of the moment. */

import { AppError, isAppError } from '../base/app-error.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { BlocksTable } from '../store/blocks-table.ts'
import { createBackfill } from './backfill.ts'
import type { ChainSource } from './chain-source.ts'
import type { BlockWithLogs, CommitBlocks } from './commit-blocks.ts'
import { type Followed, followHead } from './follow-head.ts'
import { type ChainIdentity, verifyChain } from './verify-chain.ts'

export type ChainSyncOptions = ChainIdentity & {
  readonly source: ChainSource
  readonly blocks: BlocksTable
  readonly commit: CommitBlocks
  readonly keepBlocks: number
  readonly backfillRange: number
  /** After the commit. `undone` newest first. */
  readonly onReorg?: ((undone: readonly BlockRef[], ancestor: BlockRef) => void) | undefined
}

/** Blocks applied in one transaction: enough to make the disk's flush cheap, few enough not to hold up the main thread. */
const CHUNK = 16

export function createChainSync(options: ChainSyncOptions) {
  const { source, blocks, commit, keepBlocks } = options
  const backfill = createBackfill(options)

  /** Before the first look, and again whenever the endpoint had been away: another chain may answer there now. */
  async function verify(): Promise<void> {
    const anchor = await verifyChain(source, blocks, options)
    if (blocks.head() === undefined) commit([], [{ block: anchor, logs: [], isKept: true }])
  }

  async function readTail(head: BlockRef): Promise<readonly [BlockRef, ...BlockRef[]]> {
    const [oldest, ...rest] = blocks.tail(keepBlocks)
    if (oldest === undefined) throw new AppError('INTERNAL', { reason: 'no block is held' })
    if (head.number >= oldest.number) return [oldest, ...rest]
    await verify()
    throw new AppError('RPC_UNAVAILABLE', { reason: 'the endpoint is far behind', head: head.number })
  }

  async function follow(head: BlockRef): Promise<void> {
    const tail = await readTail(head)
    const followed = await followHead(source, tail, head)
    if (followed === undefined) return // its branch is gone; the next look sees the one that replaced it
    for (let at = 0; at < followed.apply.length; at += CHUNK) {
      const chunk = await withLogs(source, followed.apply.slice(at, at + CHUNK))
      if (chunk === undefined) return
      commit(at === 0 ? followed.undo : [], chunk)
      if (at === 0) tellReorg(followed, tail)
    }
  }

  function tellReorg({ undo, apply }: Followed, tail: readonly BlockRef[]): void {
    const ancestor = tail.find(block => block.hash === apply[0]?.parentHash)
    if (undo.length > 0 && ancestor !== undefined) options.onReorg?.(undo, ancestor)
  }

  async function advance(head: BlockRef): Promise<void> {
    let held = blocks.head()
    if (held?.hash === head.hash) return
    for (; held !== undefined && backfill.isNeeded(held, head); held = blocks.head()) await backfill.next(held, head)
    await follow(head)
    blocks.pruneBelow(head.number - keepBlocks)
  }

  return {
    verify,
    /** @throws AppError as `verifyChain`, REORG_TOO_DEEP · RPC_UNAVAILABLE · DATABASE_* and whatever the callbacks throw. */
    async step(head: BlockRef): Promise<void> {
      try {
        await advance(head)
      } catch (error) {
        if (isAppError(error, 'REORG_TOO_DEEP')) await verify() // which tells whether it is another chain
        throw error
      }
    },
  }
}

async function withLogs(source: ChainSource, blocks: readonly BlockRef[]): Promise<BlockWithLogs[] | undefined> {
  const logs = await Promise.all(blocks.map(block => source.logsOfBlock(block.hash)))
  const result: BlockWithLogs[] = []
  for (const [at, block] of blocks.entries()) {
    const logsOfBlock = logs[at]
    if (logsOfBlock === undefined) return undefined
    result.push({ block, logs: logsOfBlock })
  }
  return result
}
