/** Hashes a message to a scalar of BLS12-381 without noticeable bias. */

import { expand_message_xmd } from '@noble/curves/abstract/hash-to-curve.js'
import { bytesToNumberBE } from '@noble/curves/utils.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { SCALAR_MODULUS } from './scalar-field.ts'

/** L = ceil((ceil(log2 r) + 128) / 8), RFC 9380 section 5.1: the bias stays below 2^-128. */
const EXPANDED_BYTES = 48

/**
 * RFC 9380 `hash_to_field` (5.2) with count = 1, m = 1 and `expand_message_xmd` (5.3.1) over SHA-256.
 * @param domainTag text or its bytes, 1 to 255 of them.
 * @returns a scalar below r.
 */
export function hashToField(domainTag: string | Uint8Array, message: Uint8Array): bigint {
  const tag = typeof domainTag === 'string' ? new TextEncoder().encode(domainTag) : domainTag
  // RFC 9380 hashes longer tags first; the contracts refuse them, and so does this.
  if (tag.length < 1 || tag.length > 255) throw new RangeError(`a domain tag has 1 to 255 bytes, not ${tag.length}`)
  return bytesToNumberBE(expand_message_xmd(message, tag, EXPANDED_BYTES, sha256)) % SCALAR_MODULUS
}
