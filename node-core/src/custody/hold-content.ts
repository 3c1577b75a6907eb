/** Fetches the content of a post and makes sure that it is what the chain says, before anybody signs for it. */

import { AppError } from '../base/app-error.ts'
import type { BlockNode } from '../blocks/block-node.ts'
import { fetchContent } from '../blocks/fetch-content.ts'
import { readContent } from '../blocks/read-content.ts'
import { SNIFF_BYTES, sniffContentType } from '../blocks/sniff-content-type.ts'
import type { Post } from '../domain/post.ts'
import { commitFile } from '../kzg/file-commitments.ts'
import type { Prover } from '../kzg/prover.ts'

export type HeldContent = { readonly commitments: Uint8Array }
type Options = { readonly maxBytes: number; readonly timeoutMs: number; readonly signal: AbortSignal }
type Deps = { readonly blocks: BlockNode; readonly prover: Prover }

/**
 * CID, length, kind of file, every commitment and the root are checked; nothing is taken from the publisher's word.
 * @throws AppError POST_MISMATCH {field} · CONTENT_TYPE_NOT_ALLOWED · IPFS_FETCH_FAILED · IPFS_SIZE_CAP · IPFS_TIMEOUT
 */
export async function holdContent(post: Post, options: Options, deps: Deps): Promise<HeldContent> {
  if (post.byteLength > options.maxBytes)
    throw new AppError('IPFS_SIZE_CAP', { byteLength: post.byteLength, maxBytes: options.maxBytes })
  await fetchContent(deps.blocks, {
    cid: post.cid,
    byteLength: post.byteLength,
    maxBytes: options.maxBytes,
    timeoutMs: options.timeoutMs,
    signal: options.signal,
  })
  const source = readContent(deps.blocks, post.cid, { signal: options.signal })
  const committed = await commitFile(withSniffing(source, post.contentType), deps.prover, { signal: options.signal })
  const mismatch = [
    ['byteLength', committed.byteLength === post.byteLength],
    ['blobCount', committed.blobs === post.blobCount],
    ['root', committed.root === post.root],
  ].find(([, agrees]) => !agrees)
  if (mismatch !== undefined) throw new AppError('POST_MISMATCH', { postId: post.postId, field: mismatch[0] })
  return { commitments: Buffer.concat(committed.commitments.map(each => Buffer.from(each.slice(2), 'hex'))) }
}

/** Passes the bytes on and looks at the first of them. */
async function* withSniffing(source: AsyncIterable<Uint8Array>, declaredType: string): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array(0)
  for await (const part of source) {
    if (head !== undefined) {
      head = Buffer.concat([head, part]).subarray(0, SNIFF_BYTES)
      if (head.length === SNIFF_BYTES) {
        await sniffContentType({ head, declaredType })
        head = undefined
      }
    }
    yield part
  }
  if (head !== undefined) await sniffContentType({ head, declaredType })
}
