/** Flips bytes of one stored block on disk, so that detection and repair can be shown; for demonstrations and tests only. */

import { open } from 'node:fs/promises'
import type { CID } from 'multiformats/cid'
import { AppError } from '../base/app-error.ts'
import type { BlockNode } from './block-node.ts'
import { parseContentCid } from './cid.ts'
import { parseFileNode } from './unixfs-node.ts'

/**
 * Takes the file's last leaf; the file keeps its size.
 * @throws AppError FILE_NOT_FOUND when a block on the way is not on disk.
 */
export async function damageOneBlock(node: BlockNode, cid: string): Promise<{ readonly blockCid: string }> {
  const leaf = await lastLeaf(node, parseContentCid(cid))
  await using handle = await open(node.blocks.pathOf(leaf), 'r+')
  const { size } = await handle.stat()
  const byte = Buffer.alloc(1)
  const position = Math.floor(size / 2)
  await handle.read(byte, 0, 1, position)
  byte[0] = (byte[0] ?? 0) ^ 0xff
  await handle.write(byte, 0, 1, position)
  await handle.sync()
  return { blockCid: leaf.toString() }
}

async function lastLeaf(node: BlockNode, cid: CID): Promise<CID> {
  const block = await node.blocks.readLocal(cid)
  if (block === undefined) throw new AppError('FILE_NOT_FOUND', { blockCid: cid.toString() })
  const last = parseFileNode(cid, block).links.at(-1)
  return last === undefined ? cid : await lastLeaf(node, last.cid)
}
