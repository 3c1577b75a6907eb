/** Gives a file up: the pin goes, and then every block that no other pinned file needs. */

import type { BlockNode } from './block-node.ts'
import { parseContentCid } from './cid.ts'
import { deleteUnneeded } from './delete-unneeded.ts'
import { localBlocks } from './local-blocks.ts'

/** Imports and fetches that are under way are waited for this long. */
const GATE_TIMEOUT_MS = 60_000

/**
 * Blocks below a tree node that is itself missing cannot be named, and stay.
 * @returns how many blocks were deleted.
 * @throws AppError TIMEOUT when others are still adding content; the pin is gone by then, the call may be repeated.
 */
export async function forgetContent(
  node: BlockNode,
  cid: string,
  { timeoutMs = GATE_TIMEOUT_MS }: { readonly timeoutMs?: number } = {},
): Promise<{ readonly deletedBlocks: number }> {
  parseContentCid(cid)
  await node.pins.remove(cid)
  using _ = await node.gate.own(timeoutMs)
  const { blocks } = await localBlocks(node, cid)
  return { deletedBlocks: await deleteUnneeded(node, blocks) }
}
