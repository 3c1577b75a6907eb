/** Names the blocks of a file from the tree nodes that are on disk. */

import type { CID } from 'multiformats/cid'
import type { BlockNode } from './block-node.ts'
import { parseContentCid, RAW_CODEC } from './cid.ts'
import { parseFileNode } from './unixfs-node.ts'

export type LocalBlocks = {
  /** By multihash (the key of a block on disk), whether or not the block is there. */
  readonly blocks: ReadonlyMap<string, CID>
  /** Whether all are named: blocks below a tree node that is itself missing can't be. */
  readonly isWhole: boolean
}

export async function localBlocks(node: Pick<BlockNode, 'blocks'>, root: string): Promise<LocalBlocks> {
  const blocks = new Map<string, CID>()
  let isWhole = true
  const pending = [parseContentCid(root)]
  for (let cid = pending.pop(); cid !== undefined; cid = pending.pop()) {
    const key = node.blocks.pathOf(cid)
    if (blocks.has(key)) continue
    blocks.set(key, cid)
    if (cid.code === RAW_CODEC) continue
    const block = await node.blocks.readLocal(cid)
    if (block === undefined) isWhole = false
    else pending.push(...parseFileNode(cid, block).links.map(link => link.cid))
  }
  return { blocks, isWhole }
}
