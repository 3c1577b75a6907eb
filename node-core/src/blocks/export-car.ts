/** A content as a CAR file: https://ipld.io/specs/transport/car/carv1/ */

import { varint } from 'multiformats'
import { AppError } from '../base/app-error.ts'
import type { BlockStore, ReadBlockOptions } from './block-node.ts'
import { encodeCarHeader } from './car-header.ts'
import { parseContentCid } from './cid.ts'
import { parseFetched } from './read-content.ts'

export type ExportCarOptions = {
  readonly signal?: AbortSignal | undefined
  /** For each block that has to come from a peer. */
  readonly blockTimeoutMs?: number | undefined
  /** Bounds what is remembered. Default 2^20: 16 GiB in blocks of 16 KiB. */
  readonly maxBlocks?: number | undefined
}

/**
 * CARv1: the root first, then depth first as links stand, each block once. The same content is always the same bytes. One block is
 * in memory at a time, however slowly the reader takes them; a missing one is fetched on the way.
 * @throws AppError VALIDATION_ERROR, IPFS_FETCH_FAILED, IPFS_TIMEOUT, IPFS_SIZE_CAP, NODE_STOPPING; the signal's reason.
 */
export async function* exportCar(
  node: { readonly blocks: Pick<BlockStore, 'read'> },
  cid: string,
  { signal, blockTimeoutMs, maxBlocks = 2 ** 20 }: ExportCarOptions = {},
): AsyncGenerator<Uint8Array> {
  const options: ReadBlockOptions = { signal, timeoutMs: blockTimeoutMs }
  const root = parseContentCid(cid)
  const header = encodeCarHeader([root])
  const seen = new Set<string>()
  const pending = [root]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next.toString())) continue
    signal?.throwIfAborted()
    const bytes = await node.blocks.read(next, options)
    if (seen.size === 0) yield* [lengthOf(header.length), header] // not before it is known that there is a root
    yield* [lengthOf(next.bytes.length + bytes.length), next.bytes, bytes]
    seen.add(next.toString())
    for (const link of parseFetched(next, bytes).links.toReversed()) pending.push(link.cid)
    if (seen.size + pending.length > maxBlocks) throw new AppError('IPFS_SIZE_CAP', { cid, maxBlocks })
  }
}

function lengthOf(byteLength: number): Uint8Array {
  return varint.encodeTo(byteLength, new Uint8Array(varint.encodingLength(byteLength)))
}
