/** The exported form of an accepted proof: everything that a stranger needs to check it offline, and nothing that cannot be checked. */

import { z } from 'zod'
import type { Hex } from '../base/hex.ts'
import type { Challenge } from '../domain/challenge.ts'
import type { Post } from '../domain/post.ts'
import { SCALAR_MODULUS } from '../domain/scalar-field.ts'

export const BUNDLE_FORMAT = 'emerald.proof-bundle/v1'

// One value has one text: lower-case hex, decimals without leading zeros.
const bytes = (length: number) =>
  z
    .templateLiteral(['0x', z.string()])
    .check(z.regex(new RegExp(`^0x[0-9a-f]{${2 * length}}$`), `${length} bytes as lower-case 0x hex`))
const decimalBelow = (end: bigint) =>
  z
    .string()
    .regex(/^(?:0|[1-9][0-9]{0,77})$/, { error: 'a decimal integer', abort: true }) // or the next check would meet what is no number
    .refine(text => BigInt(text) < end, 'too large')
const integer = (least: number, most: number) => z.int().min(least).max(most)
const upTo64 = <T extends z.ZodType>(item: T) => z.array(item).min(1).max(64)

/**
 * Each field is bound to the opening: it is hashed into the post's identifier, the seed, the salt, the point or the root. What
 * only a chain can tell (transaction, attesters, stratum) stays out. `prevRandao` is that of the epoch's seed block; `commitments`,
 * `versionedHashes` and `paths` follow `indexes`; `commitment` is the folded one, Σ γ^j C_j.
 */
export const proofBundle = z.strictObject({
  format: z.literal(BUNDLE_FORMAT),
  chainId: integer(1, Number.MAX_SAFE_INTEGER),
  contracts: z.strictObject({ registry: bytes(20), beacon: bytes(20) }),
  postId: bytes(32),
  publisher: bytes(20),
  root: bytes(32),
  blobCount: integer(1, 2 ** 20 - 1),
  byteLength: integer(1, Number.MAX_SAFE_INTEGER),
  cid: z.string().min(1).max(128),
  cidDigest: bytes(32),
  codec: integer(0, 255),
  // ASCII, as text beyond it could have two forms with one encoding.
  contentType: z.string().regex(/^[\x20-\x7e]{1,255}$/, 'a media type'),
  termEpochs: integer(1, 2 ** 32 - 1),
  nonce: decimalBelow(2n ** 64n),
  epoch: integer(0, 2 ** 32 - 1),
  prevRandao: bytes(32),
  seed: bytes(32),
  level: integer(0, 2),
  salt: bytes(32),
  operator: integer(0, 255),
  indexes: upTo64(integer(0, 2 ** 20 - 2)),
  z: decimalBelow(SCALAR_MODULUS),
  gamma: decimalBelow(SCALAR_MODULUS),
  y: decimalBelow(SCALAR_MODULUS),
  commitments: upTo64(bytes(48)),
  versionedHashes: upTo64(bytes(32)),
  paths: upTo64(z.array(bytes(32)).max(20)),
  commitment: bytes(48),
  proof: bytes(48),
})

export type ProofBundle = z.infer<typeof proofBundle>

/** `blobs` in the order of the challenge's indexes; `commitment` is the folded one, for one blob its own. */
export type BundleParts = {
  readonly chainId: number
  readonly registry: Hex
  readonly beacon: Hex
  readonly post: Post
  readonly seed: Hex
  readonly prevRandao: Hex
  readonly challenge: Challenge
  readonly blobs: readonly { readonly commitment: Hex; readonly versionedHash: Hex; readonly path: readonly Hex[] }[]
  readonly commitment: Hex
  readonly y: bigint
  readonly proof: Hex
}

/** @throws ZodError when a part does not fit the format; whether the parts agree is for `verifyBundle` to say. */
export function createProofBundle(parts: BundleParts): ProofBundle {
  const { post, challenge, blobs } = parts
  return proofBundle.parse({
    format: BUNDLE_FORMAT,
    chainId: parts.chainId,
    contracts: { registry: parts.registry.toLowerCase(), beacon: parts.beacon.toLowerCase() },
    postId: post.postId,
    publisher: post.publisher.toLowerCase(),
    root: post.root,
    blobCount: post.blobCount,
    byteLength: post.byteLength,
    cid: post.cid,
    cidDigest: post.cidDigest,
    codec: post.codec,
    contentType: post.contentType,
    termEpochs: post.termEpochs,
    nonce: String(post.nonce),
    epoch: challenge.epoch,
    prevRandao: parts.prevRandao,
    seed: parts.seed,
    level: challenge.level,
    salt: challenge.salt,
    operator: challenge.operator,
    indexes: challenge.indexes,
    z: String(challenge.z),
    gamma: String(challenge.gamma),
    y: String(parts.y),
    commitments: blobs.map(blob => blob.commitment),
    versionedHashes: blobs.map(blob => blob.versionedHash),
    paths: blobs.map(blob => blob.path),
    commitment: parts.commitment,
    proof: parts.proof,
  })
}
