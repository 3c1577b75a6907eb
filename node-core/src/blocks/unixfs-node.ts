/** Reads one block of a UnixFS file: bytes, or bytes and links to the blocks that follow. */

import * as dagPb from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import type { CID } from 'multiformats/cid'
import { isBlockCid, RAW_CODEC } from './cid.ts'

/** @property sizeBytes file bytes below the link, as the parent declares them; always above 0. */
export type FileLink = { readonly cid: CID; readonly sizeBytes: number }

/** The file part that a block stands for: its own bytes first, then those of its links in order. */
export type FileNode = { readonly bytes: Uint8Array; readonly links: readonly FileLink[]; readonly sizeBytes: number }

/** Content that is no plain UnixFS file, or that contradicts itself. */
export class MalformedFile extends Error {
  override readonly name = 'MalformedFile'
}

/**
 * https://specs.ipfs.tech/unixfs/ : only files; the sum of what a node declares is its size.
 * @throws MalformedFile
 */
export function parseFileNode(cid: CID, block: Uint8Array): FileNode {
  if (cid.code === RAW_CODEC) return { bytes: block, links: [], sizeBytes: block.length }
  const { file, links } = decode(cid, block)
  if (file.type !== 'file' && file.type !== 'raw') throw new MalformedFile(`${cid} is a ${file.type}, not a file`)
  if (links.length !== file.blockSizes.length) throw new MalformedFile(`${cid} has links without sizes`)
  const bytes = file.data ?? new Uint8Array()
  const children = links.map((link, index) => toFileLink(link.Hash, file.blockSizes[index] ?? 0n))
  const sizeBytes = children.reduce((sum, child) => sum + child.sizeBytes, bytes.length)
  return { bytes, links: children, sizeBytes }
}

function toFileLink(cid: CID, size: bigint): FileLink {
  if (!isBlockCid(cid)) throw new MalformedFile(`link ${cid} is neither raw nor dag-pb with sha2-256`)
  if (size <= 0n || size > BigInt(Number.MAX_SAFE_INTEGER))
    throw new MalformedFile(`link ${cid} declares ${size} bytes`)
  return { cid, sizeBytes: Number(size) }
}

function decode(cid: CID, block: Uint8Array) {
  try {
    const node = dagPb.decode(block)
    if (node.Data === undefined) throw new MalformedFile(`${cid} carries no UnixFS data`)
    return { file: UnixFS.unmarshal(node.Data), links: node.Links }
  } catch (cause) {
    if (cause instanceof MalformedFile) throw cause
    throw new MalformedFile(`${cid} cannot be decoded`, { cause })
  }
}
