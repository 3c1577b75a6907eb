/** Gives a file up: the pin goes, and every block that no other pinned file needs. */

import type { BlockNode } from './block-node.ts'
import { parseContentCid } from './cid.ts'
import { deleteUnneeded } from './delete-unneeded.ts'
import { localBlocks } from './local-blocks.ts'

/** Imports and fetches that are under way are waited for this long. */
const GATE_TIMEOUT_MS = 60_000

/**
 * Blocks below a tree node that is itself missing cannot be named, and stay.
 * @param options.check is called when nobody can add content any more: what it throws leaves all as it was.
 * @returns how many blocks were deleted.
 * @throws AppError TIMEOUT when others are still adding content: all is as it was.
 */
export async function forgetContent(
  node: BlockNode,
  cid: string,
  { timeoutMs = GATE_TIMEOUT_MS, check }: { readonly timeoutMs?: number; readonly check?: () => void } = {},
): Promise<{ readonly deletedBlocks: number }> {
  parseContentCid(cid)
  using _ = await node.gate.own(timeoutMs)
  check?.()
  await node.pins.remove(cid)
  const { blocks } = await localBlocks(node, cid)
  return { deletedBlocks: await deleteUnneeded(node, blocks) }
}
