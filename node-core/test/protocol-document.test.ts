/** The worked example of docs/protocol.md is computed again. */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cidOfFile } from '../src/blocks/cid-of-file.ts'
import { encodeBlob } from '../src/kzg/blob-encoding.ts'
import { commitFile } from '../src/kzg/file-commitments.ts'
import { openProverPool } from '../src/kzg/prover-pool.ts'

const FILE = new TextEncoder().encode('hello world')

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

test('the worked example of the protocol document is what the code computes', async () => {
  const document = await readFile(join(import.meta.dirname, '../../docs/protocol.md'), 'utf8')
  await using prover = openProverPool({ workers: 1, maxQueued: 4, taskTimeoutMs: 30_000 })
  const { root, commitments, versionedHashes } = await commitFile(once(FILE), prover)
  for (const value of [root, ...commitments, ...versionedHashes, await cidOfFile(once(FILE))])
    expect(document).toContain(`\`${value}\``)
})

test('the elements of the worked example are those of the blob', () => {
  const blob = Buffer.from(encodeBlob(FILE, 0))
  expect(blob.subarray(0, 32).toString('hex')).toBe(`00454d5231000000000000000b${'00'.repeat(19)}`)
  expect(blob.subarray(32, 64).toString('hex')).toBe(`0068656c6c6f20776f726c64${'00'.repeat(20)}`)
})
