/** Finds the way from the blocks held to a new head: what to undo, then what to apply. */

import { AppError } from '../base/app-error.ts'
import { assertNever } from '../base/assert-never.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { ChainSource } from './chain-source.ts'
import { placeBlock, type Tail } from './place-block.ts'

export type Followed = {
  /** Newest first. */
  readonly undo: readonly BlockRef[]
  /** Oldest first. */
  readonly apply: readonly BlockRef[]
}

/**
 * Blocks are fetched by hash, never by number: between two calls a number can name another block.
 * Fetches at most as many blocks as lie between the oldest block held and `head`.
 * @returns undefined when the head's branch vanished while it was followed: ask for a new head.
 * @throws AppError REORG_TOO_DEEP {oldest, head} when the new branch leaves ours below the oldest block held.
 */
export async function followHead(
  source: Pick<ChainSource, 'blockByHash'>,
  tail: Tail,
  head: BlockRef,
): Promise<Followed | undefined> {
  const apply: BlockRef[] = []
  for (let block = head; ; ) {
    const placed = placeBlock(tail, block)
    switch (placed.kind) {
      case 'known':
        return { undo: [], apply: [] } // only the head itself: a parent that is held is found from its child
      case 'extends':
      case 'reorg':
        checkHeights(placed.kind === 'reorg' ? placed.ancestor : newestOf(tail), block)
        return { undo: placed.kind === 'reorg' ? placed.undo : [], apply: [block, ...apply] }
      case 'tooDeep':
        throw new AppError('REORG_TOO_DEEP', { oldest: tail[0].number, head: head.number })
      case 'needsParent': {
        const parent = await source.blockByHash(placed.hash)
        if (parent === undefined) return undefined
        checkHeights(parent, block)
        apply.unshift(block)
        block = parent
        break
      }
      default:
        return assertNever(placed)
    }
  }
}

const newestOf = (tail: Tail): BlockRef => tail.at(-1) ?? tail[0]

/** An endpoint whose numbers don't count up would keep the walk going for ever. */
function checkHeights(parent: BlockRef, child: BlockRef): void {
  if (parent.hash !== child.parentHash || parent.number !== child.number - 1)
    throw new AppError('RPC_UNAVAILABLE', { reason: 'the blocks given do not connect', block: child.hash })
}
