/** Reads `contracts/test/vectors/curve-vectors.json`, which a third implementation computed from the protocol's text. */

import { readFileSync } from 'node:fs'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import kzg from 'c-kzg'
import { beforeAll, expect, test } from 'vitest'
import type { Hex } from '../base/hex.ts'
import {
  type BatchClaim,
  batchFactor,
  batchInverse,
  batchPoint,
  batchTranscript,
  batchWeights,
} from '../domain/batch.ts'
import { challengePoint, foldingFactor } from '../domain/challenge-point.ts'
import { blobIndexes, saltOf } from '../domain/sampling.ts'
import { powersOf, SCALAR_MODULUS } from '../domain/scalar-field.ts'
import { fromHex, toHex, word } from '../domain/words.ts'
import { BLOB_BYTES } from './blob-encoding.ts'
import { climb, commitmentLeaf, pathLengthOf, versionedHash } from './commitment-tree.ts'
import { divideAt } from './evaluation-form.ts'
import { foldBlobs } from './fold.ts'
import { openBatch } from './open-batch.ts'
import { uncompressPoint } from './point-form.ts'
import { foldCommitments, verifyOpening } from './verify-opening.ts'

const INFINITY = toHex(Uint8Array.of(0xc0, ...new Uint8Array(47)))

/** 7 generates the multiplicative group (PRIMITIVE_ROOT_OF_UNITY of the consensus specification). */
const ROOTS_OF_UNITY = powersOf(bls12_381.fields.Fr.pow(7n, (SCALAR_MODULUS - 1n) / 4096n), 4096)

const vectors = JSON.parse(
  readFileSync(new URL('../../../contracts/test/vectors/curve-vectors.json', import.meta.url), 'utf8'),
)
type Polynomial = { readonly a: Hex; readonly b: Hex; readonly commitment: Hex; readonly versionedHash: Hex }
const polynomialAt = (place: number): Polynomial => vectors.polynomials[place]
const commitmentsAt = (places: number[]): Hex[] => places.map(place => polynomialAt(place).commitment)
const blobAt = (place: number): Uint8Array => linearBlob(BigInt(polynomialAt(place).a), BigInt(polynomialAt(place).b))

beforeAll(() => kzg.loadTrustedSetup(0))

test('the file holds as many cases of each kind as its head says', () => {
  const { about, ...kinds } = vectors
  const counts = Object.fromEntries(Object.entries(kinds).map(([kind, cases]) => [kind, (cases as unknown[]).length]))
  expect(counts).toEqual(about.kinds)
})

test('commitments of the vectors are those of the ceremony and hash alike', () => {
  for (const each of vectors.polynomials as Polynomial[])
    expect(versionedHash(fromHex(each.commitment))).toBe(each.versionedHash)
  for (const place of [0, 1, 2, 3, 4, 5, 6, 50, 101, 102, 110, 116, 122]) {
    expect(toHex(kzg.blobToKzgCommitment(blobAt(place)))).toBe(polynomialAt(place).commitment)
  }
})

test('points of the subgroup compress as in the vectors and are read back, and no others', () => {
  for (const { name, point, compressed, isInSubgroup } of vectors.compression) {
    if (isInSubgroup) expect(toHex(pointOf(point).toBytes()), name).toBe(compressed)
    else expect(() => pointOf(point).toBytes(), name).toThrow('subgroup')
    expect(foldCommitments([compressed], 1n), name).toBe(isInSubgroup ? compressed : undefined)
  }
})

/** What noble says of bytes that it does not read; it reads some that are not canonical, and this project refuses those. */
const NOBLE_SAYS: Readonly<Record<string, RegExp>> = {
  offCurve: /square root/,
  outsideSubgroup: /subgroup/,
  smallOrder: /subgroup/,
}

test('of 48 bytes, points and infinity are read, and all else is refused', () => {
  for (const { class: kind, bytes } of vectors.encodings) {
    const isPoint = kind === 'point' || kind === 'infinity'
    expect(foldCommitments([bytes], 1n), `${kind} ${bytes}`).toBe(isPoint ? bytes : undefined)
    const reason = NOBLE_SAYS[kind]
    if (reason !== undefined) expect(() => bls12_381.G1.Point.fromBytes(fromHex(bytes)), bytes).toThrow(reason)
  }
})

test('forged openings are refused, each for another check', () => {
  for (const { reason, commitment, proof, z, y } of vectors.forgeries) {
    expect(verifyOpening({ commitment, proof, z: BigInt(z), y: BigInt(y) }), reason).toBe(false)
    // EIP-4844 takes a commitment at infinity, which stands for no data at all.
    expect(isValidByCKzg(commitment, z, y, proof), reason).toBe(commitment === INFINITY)
  }
})

test('commitments fold as in the vectors, and the fold opens', { timeout: 120_000 }, () => {
  for (const { polynomials, gamma, compressed, z, y, proof } of vectors.folding) {
    expect(foldCommitments(commitmentsAt(polynomials), BigInt(gamma))).toBe(compressed)
    // A fold that cancels out is infinity, and that is refused as a commitment.
    const isGood = compressed !== INFINITY
    expect(verifyOpening({ commitment: compressed, z: BigInt(z), y: BigInt(y), proof })).toBe(isGood)
  }
})

test('blobs fold to the polynomial whose commitment, value and proof the vectors have', { timeout: 120_000 }, () => {
  const few = vectors.folding.filter(({ polynomials }: { polynomials: number[] }) => polynomials.length <= 4)
  const chosen = few.filter((_: unknown, at: number) => at % 5 === 0)
  expect(chosen.length).toBeGreaterThan(15)
  for (const { polynomials, gamma, compressed, z, y, proof } of chosen) {
    const folded = foldBlobs(polynomials.map(blobAt), BigInt(gamma))
    expect(toHex(kzg.blobToKzgCommitment(folded))).toBe(compressed)
    expect(kzg.computeKzgProof(folded, fromHex(z)).map(toHex)).toEqual([proof, y])
  }
})

test('challenges follow from their seed, and their answers from the blobs', { timeout: 120_000 }, () => {
  for (const each of vectors.challenges) {
    const { seed, postId, level, salt, indexes, paths, root, polynomials } = each
    expect(saltOf(seed, postId, level)).toBe(salt)
    expect(blobIndexes(each)).toEqual(indexes)
    expect(challengePoint(each)).toBe(BigInt(each.z))
    expect(foldingFactor(each)).toBe(BigInt(each.gamma))
    const commitments = commitmentsAt(polynomials)
    for (const [at, index] of indexes.entries()) {
      expect(paths[at]).toHaveLength(pathLengthOf(each.blobCount))
      const leaf = commitmentLeaf(index, versionedHash(fromHex(commitments[at] ?? '0x')))
      expect(climb(leaf, index, paths[at])).toBe(root)
    }
    expect(foldCommitments(commitments, BigInt(each.gamma))).toBe(each.commitment)
    expect(verifyOpening({ ...each, z: BigInt(each.z), y: BigInt(each.y) })).toBe(true)
  }
})

test('the one opening of each batch verifies', () => {
  for (const { commitment, zeta, value, proof } of vectors.batches) {
    expect(verifyOpening({ commitment, z: BigInt(zeta), y: BigInt(value), proof })).toBe(true)
    expect(verifyOpening({ commitment, z: BigInt(zeta), y: BigInt(value) ^ 1n, proof })).toBe(false)
  }
})

test('transcripts, factors, points and weights of batches are those of the vectors', () => {
  for (const { epoch, operator, items, transcript, rho, quotient, zeta } of vectors.batches as Batch[]) {
    const found = batchTranscript(epoch, operator, items.map(claimOf))
    expect(toHex(found)).toBe(transcript)
    expect(batchFactor(found)).toBe(BigInt(rho))
    expect(batchPoint(found, fromHex(quotient))).toBe(BigInt(zeta))
    const points = items.map(each => BigInt(each.z))
    expect(points.map(z => toHex(word(batchInverse(BigInt(zeta), z))))).toEqual(items.map(each => each.inverse))
    expect(batchWeights(BigInt(rho), BigInt(zeta), points).map(each => toHex(word(each)))).toEqual(
      items.map(each => each.weight),
    )
  }
})

test('batches opened from blobs are those of the vectors', { timeout: 120_000 }, () => {
  const few = (vectors.batches as Batch[]).filter(({ items }) => items.flatMap(each => each.polynomials).length <= 12)
  expect(few.length).toBeGreaterThan(5)
  for (const { items, transcript, quotient, proof } of few) {
    const divided = items.map(({ z, y, gamma, polynomials }) => {
      const folded = foldBlobs(polynomials.map(blobAt), BigInt(gamma))
      const division = divideAt(folded, BigInt(z))
      expect(toHex(word(division.y))).toBe(y)
      return { ...division, folded, z: BigInt(z) }
    })
    const opened = openBatch(fromHex(transcript), divided, {
      commit: blob => kzg.blobToKzgCommitment(blob),
      open(blob, z) {
        const [made, y] = kzg.computeKzgProof(blob, word(z))
        return { proof: made, y: BigInt(toHex(y)) }
      },
    })
    expect([toHex(opened.quotient), toHex(opened.proof)]).toEqual([quotient, proof])
  }
})

test('points are uncompressed as in the vectors', () => {
  for (const { name, point, compressed } of vectors.compression)
    expect(toHex(uncompressPoint(fromHex(compressed))), name).toBe(point)
})

type Batch = {
  readonly epoch: number
  readonly operator: number
  readonly items: readonly BatchItem[]
  readonly transcript: Hex
  readonly rho: Hex
  readonly quotient: Hex
  readonly zeta: Hex
  readonly proof: Hex
}
type BatchItem = {
  readonly postId: Hex
  readonly z: Hex
  readonly y: Hex
  readonly gamma: Hex
  readonly polynomials: number[]
  readonly inverse: Hex
  readonly weight: Hex
}
const claimOf = ({ postId, z, y }: BatchItem): BatchClaim => ({ postId, z: BigInt(z), y: BigInt(y) })

/** A point of the curve in the form of EIP-2537: x and y in 64 bytes each, zeros for infinity. */
function pointOf(hex: Hex) {
  const [x, y] = [hex.slice(2, 130), hex.slice(130)].map(part => BigInt(`0x${part}`)) as [bigint, bigint]
  return x === 0n && y === 0n ? bls12_381.G1.Point.ZERO : bls12_381.G1.Point.fromAffine({ x, y })
}

/** c-kzg throws on malformed input. */
function isValidByCKzg(commitment: Hex, z: Hex, y: Hex, proof: Hex): boolean {
  try {
    return kzg.verifyKzgProof(fromHex(commitment), fromHex(z), fromHex(y), fromHex(proof))
  } catch {
    return false
  }
}

/** The blob of the polynomial aX + b: its values at the 4096th roots of unity, in the bit-reversed order of EIP-4844. */
function linearBlob(a: bigint, b: bigint): Uint8Array {
  const blob = new Uint8Array(BLOB_BYTES)
  ROOTS_OF_UNITY.forEach((root, at) => {
    const place = Number.parseInt(at.toString(2).padStart(12, '0').split('').reverse().join(''), 2)
    blob.set(word((a * root + b) % SCALAR_MODULUS), 32 * place)
  })
  return blob
}
