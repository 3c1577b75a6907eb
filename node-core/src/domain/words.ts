/** Bytes, hex and 32-byte words as the protocol hashes them; without Node, so that a browser can check proofs too. */

import { numberToBytesBE } from '@noble/curves/utils.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import type { Hex } from '../base/hex.ts'

export const toHex = (bytes: Uint8Array): Hex => `0x${bytesToHex(bytes)}`

/** @throws on anything but 0x and an even number of hex digits. */
export function fromHex(hex: Hex): Uint8Array {
  if (!hex.startsWith('0x')) throw new RangeError('not a hex string')
  return hexToBytes(hex.slice(2))
}

/** A number as a big-endian word of 32 bytes. @throws when it does not fit. */
export const word = (value: bigint | number): Uint8Array => numberToBytesBE(BigInt(value), 32)

/** The word of an ABI-encoded static value: numbers are numbers, hex of 20 bytes an address, hex of 32 bytes itself. */
export function abiWord(value: bigint | number | Hex): Uint8Array {
  if (typeof value !== 'string') return word(value)
  const bytes = fromHex(value)
  if (bytes.length > 32) throw new RangeError(`${bytes.length} bytes do not fit in a word`)
  return concatBytes(new Uint8Array(32 - bytes.length), bytes)
}

/** keccak256(abi.encode(...)) of static values; shorter hex counts as an address and is padded in front. */
export const keccakOfWords = (...values: readonly (bigint | number | Hex)[]): Uint8Array =>
  keccak_256(concatBytes(...values.map(abiWord)))
