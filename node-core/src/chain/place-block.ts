/** Decides where a block belongs beside the blocks held: pure, so that any tree of blocks can be tried on it. */

import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'

/** Blocks that can still change, oldest first; each one's `parentHash` is the `hash` before it. Never empty. */
export type Tail = readonly [BlockRef, ...BlockRef[]]

export type Placement =
  /** Held already: nothing to do. An endpoint that lags behind gives older blocks of the same branch. */
  | { readonly kind: 'known' }
  | { readonly kind: 'extends' }
  | { readonly kind: 'needsParent'; readonly hash: Hex }
  /** `undo` newest first, never empty; the block stands on `ancestor`. */
  | { readonly kind: 'reorg'; readonly undo: readonly BlockRef[]; readonly ancestor: BlockRef }
  /** The block's branch leaves ours below the oldest block held. */
  | { readonly kind: 'tooDeep' }

export function placeBlock(tail: Tail, block: BlockRef): Placement {
  if (tail.some(held => held.hash === block.hash)) return { kind: 'known' }
  const at = tail.findIndex(held => held.hash === block.parentHash)
  const ancestor = tail[at]
  if (ancestor !== undefined) {
    const undo = tail.slice(at + 1).reverse()
    return undo.length === 0 ? { kind: 'extends' } : { kind: 'reorg', undo, ancestor }
  }
  return block.number <= tail[0].number + 1 ? { kind: 'tooDeep' } : { kind: 'needsParent', hash: block.parentHash }
}
