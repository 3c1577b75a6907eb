/** Nobody signs for content before it was compared with what the chain says: a publisher cannot frame its operators. */

import { afterAll, expect, test } from 'vitest'
import { noise, openTestNode, streamOf, type TestNode } from '../blocks/block-node.fixture.ts'
import { importFile } from '../blocks/import-file.ts'
import type { Post } from '../domain/post.ts'
import { PAYLOAD_BYTES_PER_BLOB } from '../kzg/blob-encoding.ts'
import { commitFile } from '../kzg/file-commitments.ts'
import { openProverPool } from '../kzg/prover-pool.ts'
import { holdContent } from './hold-content.ts'

const prover = openProverPool({ workers: 1, maxQueued: 4, taskTimeoutMs: 30_000 })
afterAll(() => prover[Symbol.asyncDispose]())

const content = noise(PAYLOAD_BYTES_PER_BLOB + 17)
const options = { maxBytes: content.length, timeoutMs: 20_000, signal: new AbortController().signal }

/** A post of the content, which the node has, and the right commitments. */
async function postOf(blocks: TestNode) {
  const { cid, cidDigest, codec, byteLength } = await importFile(blocks, streamOf(content))
  const { root, blobs, commitments } = await commitFile(streamOf(content), prover)
  const post: Post = {
    postId: `0x${'11'.repeat(32)}`,
    publisher: `0x${'22'.repeat(20)}`,
    root,
    cid,
    cidDigest,
    codec,
    contentType: 'application/octet-stream',
    byteLength,
    blobCount: blobs,
    termEpochs: 5,
    nonce: 0n,
    attestationDeadlineBlock: 100,
    waitingSinceBlock: 1,
    isLapsed: false,
    isDropped: false,
    blockNumber: 1,
    attestation: null,
    settlement: null,
  }
  return { post, commitments }
}

test('content that is what the chain says is held, with all its commitments', async () => {
  const blocks = await openTestNode()
  const { post, commitments } = await postOf(blocks)
  const held = await holdContent(post, options, { blocks, prover })
  expect(`0x${Buffer.from(held.commitments).toString('hex')}`).toBe(
    `0x${commitments.map(each => each.slice(2)).join('')}`,
  )
})

test('a root that is not the content’s is refused', async () => {
  const blocks = await openTestNode()
  const { post } = await postOf(blocks)
  const framed = { ...post, root: `0x${'33'.repeat(32)}` } as const
  await expect(holdContent(framed, options, { blocks, prover })).rejects.toMatchObject({
    code: 'POST_MISMATCH',
    data: { field: 'root' },
  })
})

test('more or fewer blobs than the content has are refused', async () => {
  const blocks = await openTestNode()
  const { post } = await postOf(blocks)
  for (const blobCount of [1, 3])
    await expect(holdContent({ ...post, blobCount }, options, { blocks, prover })).rejects.toMatchObject({
      code: 'POST_MISMATCH',
      data: { field: 'blobCount' },
    })
})

test.each([
  ['one byte less', -1, 'IPFS_SIZE_CAP'],
  ['one byte more', 1, 'IPFS_FETCH_FAILED'],
] as const)('%s than the content has is refused', async (_, difference, code) => {
  const blocks = await openTestNode()
  const { post } = await postOf(blocks)
  const other = { ...post, byteLength: post.byteLength + difference }
  const roomy = { ...options, maxBytes: other.byteLength }
  await expect(holdContent(other, roomy, { blocks, prover })).rejects.toMatchObject({ code })
})

test('another kind of file than the chain says is refused', async () => {
  const blocks = await openTestNode()
  const { post } = await postOf(blocks)
  const disguised = { ...post, contentType: 'image/png' }
  await expect(holdContent(disguised, options, { blocks, prover })).rejects.toMatchObject({
    code: 'CONTENT_TYPE_MISMATCH',
  })
})

test('what is larger than the node takes is refused', async () => {
  const blocks = await openTestNode()
  const { post } = await postOf(blocks)
  const large = { ...post, byteLength: content.length + 1 }
  await expect(holdContent(large, options, { blocks, prover })).rejects.toMatchObject({ code: 'IPFS_SIZE_CAP' })
})
