/** Gives a file up: the pin goes, and then every block that no other pinned file needs. */

import type { CID } from 'multiformats/cid'
import type { BlockNode } from './block-node.ts'
import { parseContentCid, RAW_CODEC } from './cid.ts'
import { parseFileNode } from './unixfs-node.ts'

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
  const doomed = await localBlocks(node, cid)
  for (const pinned of node.pins.list()) {
    for (const key of (await localBlocks(node, pinned)).keys()) doomed.delete(key)
  }
  for (const block of doomed.values()) await node.blocks.delete(block)
  return { deletedBlocks: doomed.size }
}

/** All blocks of a file that its local tree nodes name, by multihash (the key of a block on disk). */
async function localBlocks(node: BlockNode, root: string): Promise<Map<string, CID>> {
  const found = new Map<string, CID>()
  const pending = [parseContentCid(root)]
  for (let cid = pending.pop(); cid !== undefined; cid = pending.pop()) {
    const key = node.blocks.pathOf(cid)
    if (found.has(key)) continue
    found.set(key, cid)
    const links = await linksOf(node, cid)
    pending.push(...links)
  }
  return found
}

async function linksOf(node: BlockNode, cid: CID): Promise<CID[]> {
  if (isLeaf(cid)) return []
  const block = await node.blocks.readLocal(cid)
  return block === undefined ? [] : parseFileNode(cid, block).links.map(link => link.cid)
}

function isLeaf(cid: CID): boolean {
  return cid.code === RAW_CODEC
}
