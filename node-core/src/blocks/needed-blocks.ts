/** Which of some blocks belong to a content that is still of use: what is pinned, without what is past. */

import { CID } from 'multiformats/cid'
import type { BlockNode } from './block-node.ts'
import { localBlocks } from './local-blocks.ts'

/**
 * @param past contents that nobody asks for any more.
 * @returns undefined when a tree node of them is missing: any block might be below it.
 */
export async function neededBlocks(
  node: Pick<BlockNode, 'blocks' | 'pins'>,
  among: readonly string[],
  past: ReadonlySet<string>,
): Promise<ReadonlySet<string> | undefined> {
  const keys = new Map(among.map(cid => [node.blocks.pathOf(CID.parse(cid)), cid]))
  const needed = new Set<string>()
  for (const root of node.pins.list()) {
    if (past.has(root)) continue
    const { blocks, isWhole } = await localBlocks(node, root)
    if (!isWhole) return undefined
    for (const [key, cid] of keys) if (blocks.has(key)) needed.add(cid)
  }
  return needed
}
