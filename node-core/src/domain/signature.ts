/** The one form of an ECDSA signature that the contracts take: 65 bytes, the lower of the two s (EIP-2), v 27 or 28. */

import { type Hex, isHex } from '../base/hex.ts'

/** Order of secp256k1 (SEC 2, section 2.4.1). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const HIGHEST_BIT = 1n << 255n

/** Also takes v as 0 or 1, the higher s, and the compact form of EIP-2098. @returns undefined for what is no signature. */
export function canonicalSignature(signature: string): Hex | undefined {
  const { r, s, v } = isHex(signature, 64) ? compactParts(signature) : parts(signature)
  const parity = v < 27n ? v : v - 27n
  if (!isHex(signature) || r === 0n || r >= ORDER || s === 0n || s >= ORDER || parity > 1n) return undefined
  const isHigh = s > ORDER / 2n
  const odd = isHigh ? 1n - parity : parity
  return `0x${word(r)}${word(isHigh ? ORDER - s : s)}${(27n + odd).toString(16)}`
}

type Parts = { readonly r: bigint; readonly s: bigint; readonly v: bigint }

/** What has another length has no r. */
const parts = (signature: string): Parts =>
  isHex(signature, 65)
    ? { r: at(signature, 0, 32), s: at(signature, 32, 64), v: at(signature, 64, 65) }
    : { r: 0n, s: 0n, v: 0n }

function compactParts(signature: Hex): Parts {
  const parityAndS = at(signature, 32, 64)
  return { r: at(signature, 0, 32), s: parityAndS & (HIGHEST_BIT - 1n), v: parityAndS >> 255n }
}

const at = (hex: Hex, from: number, to: number): bigint => BigInt(`0x${hex.slice(2 + 2 * from, 2 + 2 * to)}`)
const word = (value: bigint): string => value.toString(16).padStart(64, '0')
