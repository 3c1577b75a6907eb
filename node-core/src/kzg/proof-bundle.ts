/** Checks a proof bundle offline: derives again all that can be derived, and checks the opening without the prover's library. */

import { CID } from 'multiformats/cid'
import * as digests from 'multiformats/hashes/digest'
import { challengePoint, foldingFactor } from '../domain/challenge-point.ts'
import { postIdOf, seedOf } from '../domain/identifiers.ts'
import { blobIndexes, saltOf } from '../domain/sampling.ts'
import { fromHex } from '../domain/words.ts'
import { blobCountOf } from './blob-encoding.ts'
import { type ProofBundle, proofBundle } from './bundle-format.ts'
import { climb, commitmentLeaf, pathLengthOf, versionedHash } from './commitment-tree.ts'
import { foldCommitments, verifyOpening } from './verify-opening.ts'

/** https://github.com/multiformats/multicodec/blob/master/table.csv (sha2-256) */
const SHA2_256 = 0x12

export type BundleCheck = { readonly name: string; readonly ok: boolean }
export type BundleVerification = { readonly ok: boolean; readonly checks: readonly BundleCheck[] }

const CHECKS: Readonly<Record<string, (bundle: ProofBundle) => boolean>> = {
  cid: ({ cid, codec, cidDigest }) =>
    CID.createV1(codec, digests.create(SHA2_256, fromHex(cidDigest))).toString() === cid,
  blobCount: ({ byteLength, blobCount }) => blobCountOf(byteLength) === blobCount,
  postId: ({ contracts, nonce, ...bundle }) =>
    postIdOf({ ...bundle, registry: contracts.registry, nonce: BigInt(nonce) }) === bundle.postId,
  seed: ({ contracts, ...bundle }) => seedOf({ ...bundle, beacon: contracts.beacon }) === bundle.seed,
  salt: ({ seed, postId, level, salt }) => saltOf(seed, postId, level) === salt,
  indexes: bundle => {
    const expected = blobIndexes({ ...bundle, blobsAtLevel: bundle.indexes.length })
    return areEqual(bundle.indexes, expected)
  },
  point: bundle => challengePoint(bundle) === BigInt(bundle.z),
  foldingFactor: bundle => foldingFactor(bundle) === BigInt(bundle.gamma),
  versionedHashes: ({ commitments, versionedHashes }) =>
    areEqual(
      versionedHashes,
      commitments.map(commitment => versionedHash(fromHex(commitment))),
    ),
  paths: arePathsRight,
  commitment: ({ commitments, gamma, commitment }) => foldCommitments(commitments, BigInt(gamma)) === commitment,
  opening: ({ commitment, z, y, proof }) => verifyOpening({ commitment, z: BigInt(z), y: BigInt(y), proof }),
}

/** Every check is made, also when an earlier one failed. @returns `ok` when all hold; a value of another form fails the one check `format`. */
export function verifyBundle(bundle: unknown): BundleVerification {
  const parsed = proofBundle.safeParse(bundle)
  if (!parsed.success) return { ok: false, checks: [{ name: 'format', ok: false }] }
  const checks = [{ name: 'format', ok: true }]
  for (const [name, holds] of Object.entries(CHECKS))
    checks.push({ name, ok: holdsWithoutError(() => holds(parsed.data)) })
  return { ok: checks.every(check => check.ok), checks }
}

/**
 * As `verifyBundle`, for the text of an exported file: that must be, byte for byte, what the bundle's values are written as, so that
 * not even white space can change unnoticed.
 */
export function verifyBundleText(text: string): BundleVerification {
  let bundle: unknown
  try {
    bundle = JSON.parse(text)
  } catch {
    return { ok: false, checks: [{ name: 'format', ok: false }] }
  }
  const { ok, checks } = verifyBundle(bundle)
  const isExact = JSON.stringify(bundle) === text
  return { ok: ok && isExact, checks: [{ name: 'bytes', ok: isExact }, ...checks] }
}

function arePathsRight({ indexes, versionedHashes, paths, blobCount, root }: ProofBundle): boolean {
  if (paths.length !== indexes.length || versionedHashes.length !== indexes.length) return false
  return indexes.every((index, at) => {
    const [hash, path] = [versionedHashes[at], paths[at]]
    if (hash === undefined || path === undefined || path.length !== pathLengthOf(blobCount)) return false
    return climb(commitmentLeaf(index, hash), index, path) === root
  })
}

/** A part that cannot even be computed from the bundle's values does not hold. */
function holdsWithoutError(check: () => boolean): boolean {
  try {
    return check()
  } catch {
    return false
  }
}

const areEqual = <T>(left: readonly T[], right: readonly T[]): boolean =>
  left.length === right.length && left.every((value, at) => value === right[at])
