/** Keeps `contracts/test/vectors/prover-proofs.json`, the proofs of this prover that the contracts' tests check; `vitest -u` writes it anew. */

import { bls12_381 } from '@noble/curves/bls12-381.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { expect, test } from 'vitest'
import type { Hex } from '../base/hex.ts'
import { challengePoint, foldingFactor } from '../domain/challenge-point.ts'
import { blobIndexes, saltOf } from '../domain/sampling.ts'
import { SCALAR_MODULUS } from '../domain/scalar-field.ts'
import { fromHex, toHex, word } from '../domain/words.ts'
import { encodeFile, PAYLOAD_BYTES_PER_BLOB } from './blob-encoding.ts'
import { commitmentRoot, merklePath, versionedHash } from './commitment-tree.ts'
import { openBlobs } from './file-commitments.ts'
import type { Prover } from './prover.ts'
import { openProverPool } from './prover-pool.ts'
import { constantPolynomialFile, pseudoRandomBytes } from './test-data.ts'
import { verifyOpening } from './verify-opening.ts'

const VECTORS = '../../../contracts/test/vectors/prover-proofs.json'
const P = PAYLOAD_BYTES_PER_BLOB

const FILES: readonly (readonly [name: string, file: Uint8Array, operator: number, level: number])[] = [
  ['one byte', Uint8Array.of(0x45), 0, 0],
  ['one full blob', pseudoRandomBytes(P, 1), 1, 0],
  ['two blobs, the second of one byte', pseudoRandomBytes(P + 1, 2), 2, 0],
  ['three blobs', pseudoRandomBytes(2 * P + 5_000, 3), 7, 1],
  ['five blobs of zeros', new Uint8Array(5 * P), 31, 2],
  ['two blobs of the largest payload', new Uint8Array(2 * P).fill(0xff), 255, 0],
  ['constant polynomial', constantPolynomialFile(), 3, 0],
]

type Vector = Awaited<ReturnType<typeof proofVector>>

test('the proofs that the contracts are tested with are those of this prover', { timeout: 60_000 }, async () => {
  await using prover = openProverPool({ workers: 1, maxQueued: 16, taskTimeoutMs: 30_000 })
  const proofs: Vector[] = []
  for (const [name, file, operator, level] of FILES) proofs.push(await proofVector(name, file, operator, level, prover))
  for (const each of proofs)
    expect(verifyOpening({ ...each, z: BigInt(each.z), y: BigInt(each.y) }), each.name).toBe(true)
  const wrong = wrongVectors(proofs)
  for (const each of wrong)
    expect(verifyOpening({ ...each, z: BigInt(each.z), y: BigInt(each.y) }), each.name).toBe(false)
  expect(() => bls12_381.G1.Point.fromHex(OFF_THE_CURVE.slice(2))).toThrow('square root')
  expect(() => bls12_381.G1.Point.fromHex(OUTSIDE_THE_SUBGROUP.slice(2))).toThrow('subgroup')
  await expect(`${JSON.stringify({ proofs, wrong }, null, 2)}\n`).toMatchFileSnapshot(VECTORS)
})

/** One challenge for one blob of a file, and its answer. Numbers are hex words, but for counts and indexes. */
async function proofVector(name: string, file: Uint8Array, operator: number, level: number, prover: Prover) {
  const blobs = encodeFile(file)
  const commitments = await Promise.all(blobs.map(blob => prover.commit(blob, { priority: 'ingest' })))
  const root = commitmentRoot(commitments)
  const [postId, seed] = [hashOf(`post: ${name}`), hashOf(`seed: ${name}`)]
  const salt = saltOf(seed, postId, level)
  const source = { postId, operator, salt, root, blobCount: blobs.length, blobsAtLevel: 1 }
  const [index = 0] = blobIndexes(source)
  const payloadAt = async (at: number) => file.subarray(at * P, (at + 1) * P)
  const { y, commitment, proof } = await openBlobs({ ...source, payloadAt }, prover)
  return {
    name,
    byteLength: file.length,
    blobCount: blobs.length,
    postId,
    seed,
    level,
    salt,
    operator,
    root,
    index,
    commitment,
    versionedHash: versionedHash(fromHex(commitment)),
    path: merklePath(commitments, index),
    z: toHex(word(challengePoint(source))),
    gamma: toHex(word(foldingFactor(source))),
    y: toHex(word(y)),
    proof,
  }
}

/** Openings that must not verify. `isWellFormed`: scalars are below r and both points are canonical points of the subgroup. */
function wrongVectors([, good, other]: readonly Vector[]) {
  if (good === undefined || other === undefined) throw new Error('two proofs are needed')
  const { commitment, z, y, proof } = good
  const wrong = (
    name: string,
    isWellFormed: boolean,
    change: Partial<Pick<Vector, 'commitment' | 'z' | 'y' | 'proof'>>,
  ) => ({
    name,
    isWellFormed,
    ...{ commitment, z, y, proof },
    ...change,
  })
  const negated = bls12_381.G1.Point.fromHex(proof.slice(2)).negate()
  return [
    wrong('another value', true, { y: toHex(word(BigInt(y) + 1n)) }),
    wrong('another point', true, { z: toHex(word(BigInt(z) + 1n)) }),
    wrong('commitment of another blob', true, { commitment: other.commitment }),
    wrong('proof of another blob', true, { proof: other.proof }),
    wrong('negated proof', true, { proof: toHex(negated.toBytes()) }),
    wrong('proof at infinity', true, { proof: toHex(Uint8Array.of(0xc0, ...new Uint8Array(47))) }),
    wrong('value plus r', false, { y: toHex(word(BigInt(y) + SCALAR_MODULUS)) }),
    wrong('value 2^256 - 1', false, { y: toHex(word(2n ** 256n - 1n)) }),
    wrong('point r', false, { z: toHex(word(SCALAR_MODULUS)) }),
    wrong('proof off the curve', false, { proof: OFF_THE_CURVE }),
    wrong('proof outside the subgroup', false, { proof: OUTSIDE_THE_SUBGROUP }),
    wrong('commitment outside the subgroup', false, { commitment: OUTSIDE_THE_SUBGROUP }),
    wrong('proof with x not below p', false, { proof: `0x9f${'ff'.repeat(47)}` }),
    wrong('proof without the compression flag', false, { proof: toHex(withFirstByte(proof, byte => byte & 0x7f)) }),
    wrong('infinity with a sign', false, { proof: toHex(Uint8Array.of(0xe0, ...new Uint8Array(47))) }),
    wrong('infinity with a stray bit', false, { proof: toHex(Uint8Array.of(0xc0, ...new Uint8Array(46), 1)) }),
    wrong('proof of zeros', false, { proof: toHex(new Uint8Array(48)) }),
  ]
}

/** y² = x³ + 4 has no solution for x = 1; it has for x = 4, but those points lie outside the subgroup. */
const OFF_THE_CURVE = toHex(Uint8Array.of(0x80, ...new Uint8Array(46), 1))
const OUTSIDE_THE_SUBGROUP = toHex(Uint8Array.of(0x80, ...new Uint8Array(46), 4))

function withFirstByte(hex: Hex, change: (byte: number) => number): Uint8Array {
  const bytes = fromHex(hex)
  bytes[0] = change(bytes[0] ?? 0)
  return bytes
}

const hashOf = (text: string): Hex => toHex(keccak_256(new TextEncoder().encode(text)))
