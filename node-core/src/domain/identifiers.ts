/** The identifiers that the contracts hash from what was registered and revealed; see the protocol, sections 1 and 3. */

import { keccak_256 } from '@noble/hashes/sha3.js'
import type { Hex } from '../base/hex.ts'
import { keccakOfWords, toHex } from './words.ts'

const typeHash = (type: string): Hex => toHex(keccak_256(new TextEncoder().encode(type)))

const POST_TYPEHASH = typeHash(
  'Post(uint256 chainId,address registry,address publisher,bytes32 root,uint256 blobCount,uint256 byteLength,bytes32 cidDigest,uint256 codec,bytes32 contentTypeHash,uint256 termEpochs,uint256 nonce)',
)
const SEED_TYPEHASH = typeHash('Seed(uint256 chainId,address beacon,uint256 epoch,bytes32 prevRandao)')

/** All that a post's identifier covers. `contentType` is hashed as UTF-8. */
export type PostPreimage = {
  readonly chainId: number
  readonly registry: Hex
  readonly publisher: Hex
  readonly root: Hex
  readonly blobCount: number
  readonly byteLength: number
  readonly cidDigest: Hex
  readonly codec: number
  readonly contentType: string
  readonly termEpochs: number
  readonly nonce: bigint
}

/** keccak256(abi.encode(POST_TYPEHASH, chainId, registry, publisher, root, N, byteLength, cidDigest, codec, keccak256(contentType), termEpochs, nonce)). */
export function postIdOf(post: PostPreimage): Hex {
  const fields = [
    ...[POST_TYPEHASH, post.chainId, post.registry, post.publisher, post.root, post.blobCount, post.byteLength],
    ...[post.cidDigest, post.codec, typeHash(post.contentType), post.termEpochs, post.nonce],
  ]
  return toHex(keccakOfWords(...fields))
}

/** keccak256(abi.encode(SEED_TYPEHASH, chainId, beacon, epoch, prevRandao)). */
export function seedOf(of: {
  readonly chainId: number
  readonly beacon: Hex
  readonly epoch: number
  readonly prevRandao: Hex
}): Hex {
  return toHex(keccakOfWords(SEED_TYPEHASH, of.chainId, of.beacon, of.epoch, of.prevRandao))
}
