import { bls12_381 } from '@noble/curves/bls12-381.js'
import kzg from 'c-kzg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { batchFactor, batchInverse, batchPoint, batchTranscript } from '../domain/batch.ts'
import { powersOf, SCALAR_MODULUS } from '../domain/scalar-field.ts'
import { fromHex, toHex } from '../domain/words.ts'
import { encodeBlob } from './blob-encoding.ts'
import { foldBlobs } from './fold.ts'
import { uncompressPoint } from './point-form.ts'
import type { DividedFold } from './prover.ts'
import { openProverPool } from './prover-pool.ts'
import { constantPolynomialFile, pseudoRandomBytes } from './test-data.ts'
import { foldCommitments, verifyOpening } from './verify-opening.ts'

const challenge = { priority: 'challenge' } as const
const prover = openProverPool({ workers: 1, maxQueued: 64, taskTimeoutMs: 60_000 })
beforeAll(() => kzg.loadTrustedSetup(0))
afterAll(() => prover[Symbol.asyncDispose]())

const EPOCH = 12
const OPERATOR = 3
const postIdOf = (at: number) => toHex(pseudoRandomBytes(32, 500 + at))
const scalarOf = (seed: number): bigint => BigInt(toHex(pseudoRandomBytes(32, seed))) % SCALAR_MODULUS

type Item = { readonly postId: `0x${string}`; readonly divided: DividedFold; readonly commitment: `0x${string}` }

/** A challenge on so many blobs, and the folded commitment that belongs to it. */
async function itemOf(at: number, payloads: readonly Uint8Array[]): Promise<Item> {
  const indexes = payloads.map((_, index) => index)
  const gamma = scalarOf(100 + at)
  const divided = await prover.divide({ payloads, indexes, gamma, z: scalarOf(200 + at) }, challenge)
  const commitments = payloads.map((payload, index) => toHex(kzg.blobToKzgCommitment(encodeBlob(payload, index))))
  const commitment = foldCommitments(commitments, gamma)
  if (commitment === undefined) throw new Error('no commitment')
  return { postId: postIdOf(at), divided, commitment }
}

/** What the contract does with a batch: D = Σ a_i C_i − W, opened at ζ to Σ a_i y_i. Done here with noble alone. */
function isAccepted(items: readonly Item[], batch: { quotient: Uint8Array; proof: Uint8Array }, quotient: Uint8Array) {
  const claims = items.map(({ postId, divided }) => ({ postId, z: divided.z, y: divided.y }))
  const transcript = batchTranscript(EPOCH, OPERATOR, claims)
  const zeta = batchPoint(transcript, batch.quotient)
  const powers = powersOf(batchFactor(transcript), items.length)
  const weights = claims.map(({ z }, at) => {
    const inverse = batchInverse(zeta, z)
    expect((inverse * (zeta - z + SCALAR_MODULUS)) % SCALAR_MODULUS).toBe(1n)
    return ((powers[at] ?? 0n) * inverse) % SCALAR_MODULUS
  })
  const { Point } = bls12_381.G1
  const sum = items.reduce(
    (total, item, at) => total.add(Point.fromBytes(fromHex(item.commitment)).multiplyUnsafe(weights[at] ?? 0n)),
    Point.ZERO,
  )
  const commitment = toHex(sum.subtract(Point.fromBytes(quotient)).toBytes())
  const y = claims.reduce((total, claim, at) => (total + (weights[at] ?? 0n) * claim.y) % SCALAR_MODULUS, 0n)
  return verifyOpening({ commitment, z: zeta, y, proof: toHex(batch.proof) })
}

/** W, compressed: from the items' quotients. */
function quotientCommitment(items: readonly Item[]): Uint8Array {
  const claims = items.map(({ postId, divided }) => ({ postId, z: divided.z, y: divided.y }))
  const rho = batchFactor(batchTranscript(EPOCH, OPERATOR, claims))
  return kzg.blobToKzgCommitment(
    foldBlobs(
      items.map(item => item.divided.quotient),
      rho,
    ),
  )
}

async function openAll(items: readonly Item[]) {
  const claims = items.map(({ postId, divided }) => ({ postId, z: divided.z, y: divided.y }))
  return prover.openBatch(
    batchTranscript(EPOCH, OPERATOR, claims),
    items.map(item => item.divided),
    challenge,
  )
}

const payload = (seed: number, length = 126_945) => pseudoRandomBytes(length, seed)

test.each<[string, readonly (readonly Uint8Array[])[]]>([
  ['one item', [[payload(1)]]],
  ['single blobs', [[payload(1)], [payload(2)], [payload(3, 17)]]],
  ['folds of different sizes', [[payload(1), payload(2)], [payload(3)], [payload(4), payload(5), payload(6)]]],
  ['the same blob twice', [[payload(1)], [payload(1)]]],
])('a batch of %s verifies by pairings', async (_, blobs) => {
  const items: Item[] = []
  for (const [at, payloads] of blobs.entries()) items.push(await itemOf(at, payloads))
  const batch = await openAll(items)
  const quotient = quotientCommitment(items)
  expect(toHex(batch.quotient)).toBe(toHex(uncompressPoint(quotient)))
  expect(isAccepted(items, batch, quotient)).toBe(true)
})

test('a batch with one wrong value is refused', async () => {
  const items = [await itemOf(0, [payload(1)]), await itemOf(1, [payload(2)])]
  const batch = await openAll(items)
  const quotient = quotientCommitment(items)
  const [first, second] = items as [Item, Item]
  const wrong = { ...second, divided: { ...second.divided, y: (second.divided.y + 1n) % SCALAR_MODULUS } }
  expect(isAccepted([first, wrong], batch, quotient)).toBe(false)
  expect(isAccepted([second, first], batch, quotient)).toBe(false)
  await expect(openAll([first, wrong])).rejects.toMatchObject({
    code: 'PROVER_FAILED',
    data: { reason: expect.stringContaining('does not add up') },
  })
})

test('a batch of constants has infinity for its quotient', async () => {
  const items = [await itemOf(0, [constantPolynomialFile()]), await itemOf(1, [constantPolynomialFile()])]
  const batch = await openAll(items)
  expect(Buffer.from(batch.quotient).equals(new Uint8Array(128))).toBe(true)
  expect(isAccepted(items, batch, quotientCommitment(items))).toBe(true)
})

test('the transcript binds epoch, operator, number, order, posts, points and values', () => {
  const claims = [0, 1].map(at => ({ postId: postIdOf(at), z: BigInt(at + 1), y: BigInt(at + 5) }))
  const [first, second] = claims as [(typeof claims)[number], (typeof claims)[number]]
  const all = [
    batchTranscript(EPOCH, OPERATOR, claims),
    batchTranscript(EPOCH + 1, OPERATOR, claims),
    batchTranscript(EPOCH, OPERATOR + 1, claims),
    batchTranscript(EPOCH, OPERATOR, [first]),
    batchTranscript(EPOCH, OPERATOR, [second, first]),
    batchTranscript(EPOCH, OPERATOR, [first, { ...second, postId: postIdOf(9) }]),
    batchTranscript(EPOCH, OPERATOR, [first, { ...second, z: 99n }]),
    batchTranscript(EPOCH, OPERATOR, [first, { ...second, y: 99n }]),
  ].map(toHex)
  expect(new Set(all).size).toBe(all.length)
})
