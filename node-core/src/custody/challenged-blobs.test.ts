import { expect, test } from 'vitest'
import { blocksOf, expectSameBytes, noise, openTestNode, streamOf } from '../blocks/block-node.fixture.ts'
import { importFile } from '../blocks/import-file.ts'
import type { Challenge } from '../domain/challenge.ts'
import type { Post } from '../domain/post.ts'
import { PAYLOAD_BYTES_PER_BLOB } from '../kzg/blob-encoding.ts'
import { readFold } from './challenged-blobs.ts'

const BLOBS = 40

test('the blobs of a challenge come in its order, and each block is read once', async () => {
  const node = await openTestNode()
  const content = noise(BLOBS * PAYLOAD_BYTES_PER_BLOB - 9)
  const { cid } = await importFile(node, streamOf(content))
  const whole = await blocksOf(node, cid)
  const read: string[] = []
  const blocks = {
    ...node.blocks,
    read: (...args: Parameters<typeof node.blocks.read>) => {
      read.push(args[0].toString())
      return node.blocks.read(...args)
    },
  }
  const indexes = Array.from({ length: BLOBS }, (_, at) => (at * 17 + 5) % BLOBS)
  const challenge = { indexes, gamma: 2n, z: 3n } as unknown as Challenge // all that is looked at
  const post = { cid, byteLength: content.length } as unknown as Post // likewise
  const { payloads } = await readFold(challenge, post, { ...node, blocks }, {})
  for (const [at, index] of indexes.entries())
    expectSameBytes(
      payloads[at] ?? expect.fail(),
      content.subarray(index * PAYLOAD_BYTES_PER_BLOB, (index + 1) * PAYLOAD_BYTES_PER_BLOB),
    )
  expect(read.toSorted()).toEqual([...whole.keys()].toSorted())
})
