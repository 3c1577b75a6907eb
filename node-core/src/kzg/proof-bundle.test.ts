import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import * as digests from 'multiformats/hashes/digest'
import { afterAll, expect, test } from 'vitest'
import type { Hex } from '../base/hex.ts'
import { postIdOf, seedOf } from '../domain/identifiers.ts'
import { saltOf } from '../domain/sampling.ts'
import { fromHex, toHex } from '../domain/words.ts'
import { PAYLOAD_BYTES_PER_BLOB } from './blob-encoding.ts'
import { createProofBundle, type ProofBundle } from './bundle-format.ts'
import { merklePath, versionedHash } from './commitment-tree.ts'
import { commitFile, openBlobs } from './file-commitments.ts'
import { verifyBundle } from './proof-bundle.ts'
import { openProverPool } from './prover-pool.ts'
import { inParts, pseudoRandomBytes } from './test-data.ts'

const prover = openProverPool({ workers: 1, maxQueued: 8, taskTimeoutMs: 30_000 })
afterAll(() => prover[Symbol.asyncDispose]())

const bytes = (length: number, seed: number): Hex => toHex(pseudoRandomBytes(length, seed))

const made = new Map<number, Promise<ProofBundle>>()

/** Of a post of five blobs; proofs take a while, so each is made once. */
function makeBundle(blobsAtLevel: number): Promise<ProofBundle> {
  const bundle = made.get(blobsAtLevel) ?? proveAndBundle(blobsAtLevel)
  made.set(blobsAtLevel, bundle)
  return bundle
}

async function proveAndBundle(blobsAtLevel: number): Promise<ProofBundle> {
  const file = pseudoRandomBytes(4 * PAYLOAD_BYTES_PER_BLOB + 77, 6)
  const { byteLength, blobs: blobCount, root, commitments } = await commitFile(inParts(file, 50_000), prover)
  const [chainId, registry, beacon, cidDigest, codec, epoch, level, operator] = [
    31_337,
    bytes(20, 1),
    bytes(20, 2),
    bytes(32, 3),
    0x70,
    12,
    1,
    9,
  ]
  const terms = {
    publisher: bytes(20, 4),
    root,
    blobCount,
    byteLength,
    cidDigest,
    codec,
    contentType: 'image/png',
    termEpochs: 100,
    nonce: 5n,
  }
  const postId = postIdOf({ chainId, registry, ...terms })
  const prevRandao = bytes(32, 5)
  const seed = seedOf({ chainId, beacon, epoch, prevRandao })
  const salt = saltOf(seed, postId, level)
  const payloadAt = async (index: number) =>
    file.subarray(index * PAYLOAD_BYTES_PER_BLOB, (index + 1) * PAYLOAD_BYTES_PER_BLOB)
  const opened = await openBlobs({ postId, operator, salt, root, blobCount, blobsAtLevel, payloadAt }, prover)
  const all = commitments.map(fromHex)
  const cid = CID.createV1(codec, digests.create(0x12, fromHex(cidDigest))).toString()
  const chain = { attestationDeadlineBlock: 0, blockNumber: 0, attestation: null, settlement: null }
  const waiting = { waitingSinceBlock: 0, isLapsed: false, isDropped: false }
  return createProofBundle({
    ...{ chainId, registry, beacon, seed, prevRandao },
    post: { postId, cid, ...terms, ...chain, ...waiting },
    challenge: { postId, epoch, operator, level, stratum: 0, salt, ...opened, openedBlock: 0, deadlineBlock: 0 },
    blobs: opened.indexes.map(index => {
      const commitment = commitments[index] ?? '0x'
      return { commitment, versionedHash: versionedHash(fromHex(commitment)), path: merklePath(all, index) }
    }),
    ...{ commitment: opened.commitment, y: opened.y, proof: opened.proof },
  })
}

/** Every JSON value inside, as a path of keys. */
function leavesOf(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  const entries = Array.isArray(value) ? value.map((item, at) => [at, item] as const) : Object.entries(value)
  return entries.flatMap(([key, item]) => leavesOf(item, [...path, key]))
}

function changeAt(bundle: unknown, path: readonly (string | number)[], change: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return change(bundle)
  // Paths come from `leavesOf`, so there is an object or array at each step.
  const copy = structuredClone(bundle) as Record<string | number, unknown>
  copy[key] = changeAt(copy[key], rest, change)
  return copy
}

test.each([1, 3])('a bundle of %i blobs verifies, also after a trip through JSON', async blobsAtLevel => {
  const bundle = await makeBundle(blobsAtLevel)
  const verification = verifyBundle(JSON.parse(JSON.stringify(bundle)))
  expect(verification.checks.filter(check => !check.ok)).toEqual([])
  expect(verification.ok).toBe(true)
  expect(verification.checks.map(check => check.name)).toContain('opening')
})

test.each([1, 3])(
  'a bundle of %i blobs fails when any value in it is another',
  { timeout: 120_000 },
  async blobsAtLevel => {
    const bundle = await makeBundle(blobsAtLevel)
    for (const path of leavesOf(bundle)) {
      const changes = [
        (value: unknown) =>
          typeof value === 'number'
            ? value + 1
            : `${String(value).slice(0, -1)}${String(value).endsWith('1') ? '2' : '1'}`,
        (value: unknown) => (typeof value === 'number' ? String(value) : `${value}0`),
      ]
      for (const change of changes) expect(verifyBundle(changeAt(bundle, path, change)).ok, path.join('.')).toBe(false)
    }
  },
)

test('each check looks at its own values', async () => {
  const bundle = await makeBundle(2)
  const [first = '0x', second = '0x'] = bundle.commitments
  const changes: readonly (readonly [check: string, change: Partial<ProofBundle>])[] = [
    ['cid', { codec: 0x55 }],
    ['blobCount', { byteLength: 4 * PAYLOAD_BYTES_PER_BLOB }],
    ['postId', { termEpochs: 101 }],
    ['seed', { epoch: 13 }],
    ['salt', { level: 0 }],
    ['indexes', { indexes: bundle.indexes.toReversed() }],
    ['point', { z: '1' }],
    ['foldingFactor', { gamma: '1' }],
    ['versionedHashes', { versionedHashes: bundle.versionedHashes.toReversed() }],
    ['paths', { paths: bundle.paths.toReversed() }],
    ['paths', { paths: bundle.paths.map(path => [...path, bundle.root]) }],
    ['commitment', { commitments: [second, first] }],
    ['opening', { y: '1' }],
    ['opening', { proof: first }],
  ]
  for (const [check, change] of changes) {
    const { checks } = verifyBundle({ ...bundle, ...change })
    expect(checks.find(each => each.name === check)?.ok, check).toBe(false)
  }
})

test('a bundle fails with any one byte of its text changed', { timeout: 120_000 }, async () => {
  const bundle = await makeBundle(2)
  const text = Buffer.from(JSON.stringify(bundle))
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Buffer.from(text)
      changed[at] = (changed[at] ?? 0) ^ change
      expect(isAccepted(changed), `byte ${at}`).toBe(false)
    }),
    { numRuns: 400 },
  )
})

test('a bundle fails with a field missing, added or of another kind', async () => {
  const bundle = await makeBundle(1)
  for (const key of Object.keys(bundle)) {
    const { [key as keyof ProofBundle]: _, ...rest } = bundle
    expect(verifyBundle(rest)).toEqual({ ok: false, checks: [{ name: 'format', ok: false }] })
    expect(verifyBundle({ ...bundle, [key]: null }).ok).toBe(false)
  }
  expect(verifyBundle({ ...bundle, txHash: bytes(32, 1) }).ok).toBe(false)
})

test('one list shorter or longer than the others fails', async () => {
  const bundle = await makeBundle(2)
  for (const key of ['indexes', 'commitments', 'versionedHashes', 'paths'] as const) {
    expect(verifyBundle({ ...bundle, [key]: bundle[key].slice(1) }).ok, key).toBe(false)
    expect(verifyBundle({ ...bundle, [key]: [...bundle[key], bundle[key][0]] }).ok, key).toBe(false)
  }
})

test('upper-case hex is another text for the same value, so it fails', async () => {
  const bundle = await makeBundle(1)
  expect(verifyBundle({ ...bundle, root: `0x${bundle.root.slice(2).toUpperCase()}` }).ok).toBe(false)
})

test.each(['!', '-1', '', '1e3', '0x10', ' 1'])('the text %j is no number', async text => {
  expect(verifyBundle({ ...(await makeBundle(1)), y: text })).toEqual({
    ok: false,
    checks: [{ name: 'format', ok: false }],
  })
})

test('anything at all can be handed in', () => {
  fc.assert(
    fc.property(fc.anything(), value => {
      expect(verifyBundle(value).ok).toBe(false)
    }),
  )
})

function isAccepted(text: Buffer): boolean {
  try {
    return verifyBundle(JSON.parse(text.toString())).ok
  } catch {
    return false
  }
}
