/** What a challenge asks about, from this node's own records: the bytes of its blobs, their commitments, and the paths to the root. */

import { AppError } from '../base/app-error.ts'
import { bytesToHex, type Hex } from '../base/hex.ts'
import type { BlockNode } from '../blocks/block-node.ts'
import { type BlockReader, type ReadContentOptions, readRange } from '../blocks/read-content.ts'
import type { Challenge } from '../domain/challenge.ts'
import type { Post } from '../domain/post.ts'
import { PAYLOAD_BYTES_PER_BLOB } from '../kzg/blob-encoding.ts'
import { merklePaths } from '../kzg/commitment-tree.ts'
import type { FoldRequest, Prover } from '../kzg/prover.ts'
import type { Store } from '../store/store.ts'

type ReadPayloadOptions = Pick<ReadContentOptions, 'signal' | 'blockTimeoutMs'>

/** What the prover needs; at most 8 MB. Each block is read and hashed once. @throws AppError IPFS_FETCH_FAILED … */
export async function readFold(
  { indexes, gamma, z }: Challenge,
  post: Post,
  blocks: BlockNode,
  options: ReadPayloadOptions,
): Promise<FoldRequest> {
  const recent = keepRecent(blocks)
  const payloads = new Array<Uint8Array>(indexes.length)
  // In the order of the file, where eight blobs and a bit stand in one block.
  for (const { index, at } of indexes.map((index, at) => ({ index, at })).sort((a, b) => a.index - b.index))
    payloads[at] = await readPayload(post, index, recent, options)
  return { payloads, indexes, gamma, z }
}

/** The way down the tree to a leaf, and the leaf after it. */
const RECENT_BLOCKS = 4

function keepRecent({ blocks }: BlockReader): BlockReader {
  const recent = new Map<string, Uint8Array>()
  return {
    blocks: {
      async read(cid, options) {
        const key = cid.toString()
        const bytes = recent.get(key) ?? (await blocks.read(cid, options))
        recent.delete(key)
        recent.set(key, bytes)
        const [oldest] = recent.keys()
        if (recent.size > RECENT_BLOCKS && oldest !== undefined) recent.delete(oldest)
        return bytes
      },
    },
  }
}

/** The bytes of the file that one blob holds. @throws as `readFold` */
export function readPayload(
  post: Post,
  index: number,
  blocks: BlockReader,
  options: ReadPayloadOptions,
): Promise<Uint8Array> {
  const offset = index * PAYLOAD_BYTES_PER_BLOB
  const length = Math.min(PAYLOAD_BYTES_PER_BLOB, post.byteLength - offset)
  return readRange(blocks, post.cid, { ...options, offset, length })
}

type Deps = { readonly store: Store; readonly prover: Pick<Prover, 'uncompress'> }
/** `points` uncompressed, 128 bytes each; `paths` one after the other; both in the order of the challenge. */
export type ProvenBlobs = { readonly points: Hex; readonly paths: readonly Hex[] }

/** @throws AppError POST_MISMATCH when this node never verified the post · as `Prover.uncompress` */
export async function blobsOf(
  { indexes }: Challenge,
  post: Post,
  signal: AbortSignal,
  { store, prover }: Deps,
): Promise<ProvenBlobs> {
  const commitments = store.posts.commitmentList(post)
  const points: Uint8Array[] = []
  for (const index of indexes) {
    const kept = store.posts.point(post.postId, index)
    points.push(
      kept ?? (await prover.uncompress(commitmentAt(commitments, index, post), { priority: 'challenge', signal })),
    )
  }
  return { points: bytesToHex(Buffer.concat(points)), paths: merklePaths(commitments, indexes).flat() }
}

/** As `blobsOf` for a challenge on one blob alone: its commitment stays compressed. @throws AppError POST_MISMATCH */
export function singleBlobOf(challenge: Challenge, post: Post, store: Store): ProvenBlobs {
  const commitments = store.posts.commitmentList(post)
  const [index = 0] = challenge.indexes
  return {
    points: bytesToHex(commitmentAt(commitments, index, post)),
    paths: merklePaths(commitments, [index]).flat(),
  }
}

function commitmentAt(commitments: readonly Uint8Array[], index: number, post: Post): Uint8Array {
  const commitment = commitments[index]
  if (commitment === undefined) throw new AppError('POST_MISMATCH', { postId: post.postId, field: 'commitments' })
  return commitment
}
