/** Deletes blocks that no pinned file needs. */

import type { BlockNode } from './block-node.ts'
import { type LocalBlocks, localBlocks } from './local-blocks.ts'

/** Only for who owns the store gate: content that others are adding is not pinned yet. @returns how many were deleted. */
export async function deleteUnneeded(node: BlockNode, blocks: LocalBlocks['blocks']): Promise<number> {
  const doomed = new Map(blocks)
  for (const pinned of node.pins.list()) {
    for (const key of (await localBlocks(node, pinned)).blocks.keys()) doomed.delete(key)
  }
  // Leaves first: of a tree that a kill leaves half deleted, what is left can still be named.
  for (const block of [...doomed.values()].reverse()) await node.blocks.delete(block)
  return doomed.size
}
