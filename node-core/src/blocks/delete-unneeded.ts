/** Deletes blocks that no pinned file needs. */

import type { CID } from 'multiformats/cid'
import type { BlockNode } from './block-node.ts'
import { parseContentCid, RAW_CODEC } from './cid.ts'
import { parseFileNode } from './unixfs-node.ts'

/** By where they lie on disk: one file can stand for two CIDs. */
export type BlocksOnDisk = ReadonlyMap<string, CID>

/** Only for who owns the store gate: content that others are adding is not pinned yet. @returns how many were deleted. */
export async function deleteUnneeded(node: BlockNode, blocks: BlocksOnDisk): Promise<number> {
  const doomed = new Map(blocks)
  for (const pinned of node.pins.list()) {
    for (const key of (await localBlocks(node, pinned)).keys()) doomed.delete(key)
  }
  for (const block of doomed.values()) await node.blocks.delete(block)
  return doomed.size
}

/** All blocks of a file that its local tree nodes name. */
export async function localBlocks(node: BlockNode, root: string): Promise<BlocksOnDisk> {
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
  if (cid.code === RAW_CODEC) return []
  const block = await node.blocks.readLocal(cid)
  return block === undefined ? [] : parseFileNode(cid, block).links.map(link => link.cid)
}
