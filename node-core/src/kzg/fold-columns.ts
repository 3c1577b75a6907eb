/**
 * The inner loop of folding: products of a blob's elements with one weight, added to sums that are carried only at the end.
 *
 * Numbers are cut into limbs of 21 bits, so that everything is exact in doubles: a product of limbs has 42 bits, a column adds up at
 * most 12 products of each of 64 blobs, and 12 · 64 · 2^42 < 2^52. Written out limb by limb this takes a third of the time of bigints,
 * which make a new object for each step.
 */

import { SCALAR_MODULUS } from '../domain/scalar-field.ts'

const LIMB_BITS = 21
const LIMB_SIZE = 2 ** LIMB_BITS
const LIMB_MASK = LIMB_SIZE - 1
/** Of an element of an EMR1 blob without its top byte, which is zero: 31 bytes, 12 limbs. */
const ELEMENT_BYTES = 31
const ELEMENT_LIMBS = 12
/** Of a weight below r: 255 bits. */
const WEIGHT_LIMBS = 13
/** Of a product; limbs of equal weight are added up in one. */
export const COLUMNS = ELEMENT_LIMBS + WEIGHT_LIMBS - 1

/** @param weight below r. @returns its limbs, lowest first. */
export function limbsOf(weight: bigint): Float64Array {
  return Float64Array.from({ length: WEIGHT_LIMBS }, (_, at) =>
    Number((weight >> BigInt(LIMB_BITS * at)) & BigInt(LIMB_MASK)),
  )
}

/**
 * Adds weight · element to the columns of each element.
 * @param payload elements of 31 bytes, big-endian, one after the other. @param columns 24 for each element, lowest first.
 */
export function addProducts(payload: Uint8Array, weight: Float64Array, columns: Float64Array): void {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0, w4 = 0, w5 = 0, w6 = 0, w7 = 0, w8 = 0, w9 = 0, w10 = 0, w11 = 0, w12 = 0] =
    weight
  for (let from = 0, to = 0; from < payload.length; from += ELEMENT_BYTES, to += COLUMNS) {
    // Limb l stands at the bits from 21 · l on: in the four bytes that end with the byte of its lowest bit.
    const a0 = view.getUint32(from + 27) & LIMB_MASK
    const a1 = (view.getUint32(from + 25) >>> 5) & LIMB_MASK
    const a2 = (view.getUint32(from + 22) >>> 2) & LIMB_MASK
    const a3 = (view.getUint32(from + 20) >>> 7) & LIMB_MASK
    const a4 = (view.getUint32(from + 17) >>> 4) & LIMB_MASK
    const a5 = (view.getUint32(from + 14) >>> 1) & LIMB_MASK
    const a6 = (view.getUint32(from + 12) >>> 6) & LIMB_MASK
    const a7 = (view.getUint32(from + 9) >>> 3) & LIMB_MASK
    const a8 = view.getUint32(from + 6) & LIMB_MASK
    const a9 = (view.getUint32(from + 4) >>> 5) & LIMB_MASK
    const a10 = (view.getUint32(from + 1) >>> 2) & LIMB_MASK
    const a11 = view.getUint32(from) >>> 15
    columns[to] = (columns[to] ?? 0) + a0 * w0
    columns[to + 1] = (columns[to + 1] ?? 0) + a0 * w1 + a1 * w0
    columns[to + 2] = (columns[to + 2] ?? 0) + a0 * w2 + a1 * w1 + a2 * w0
    columns[to + 3] = (columns[to + 3] ?? 0) + a0 * w3 + a1 * w2 + a2 * w1 + a3 * w0
    columns[to + 4] = (columns[to + 4] ?? 0) + a0 * w4 + a1 * w3 + a2 * w2 + a3 * w1 + a4 * w0
    columns[to + 5] = (columns[to + 5] ?? 0) + a0 * w5 + a1 * w4 + a2 * w3 + a3 * w2 + a4 * w1 + a5 * w0
    columns[to + 6] = (columns[to + 6] ?? 0) + a0 * w6 + a1 * w5 + a2 * w4 + a3 * w3 + a4 * w2 + a5 * w1 + a6 * w0
    columns[to + 7] =
      (columns[to + 7] ?? 0) + a0 * w7 + a1 * w6 + a2 * w5 + a3 * w4 + a4 * w3 + a5 * w2 + a6 * w1 + a7 * w0
    columns[to + 8] =
      (columns[to + 8] ?? 0) + a0 * w8 + a1 * w7 + a2 * w6 + a3 * w5 + a4 * w4 + a5 * w3 + a6 * w2 + a7 * w1 + a8 * w0
    columns[to + 9] =
      (columns[to + 9] ?? 0) +
      a0 * w9 +
      a1 * w8 +
      a2 * w7 +
      a3 * w6 +
      a4 * w5 +
      a5 * w4 +
      a6 * w3 +
      a7 * w2 +
      a8 * w1 +
      a9 * w0
    columns[to + 10] =
      (columns[to + 10] ?? 0) +
      a0 * w10 +
      a1 * w9 +
      a2 * w8 +
      a3 * w7 +
      a4 * w6 +
      a5 * w5 +
      a6 * w4 +
      a7 * w3 +
      a8 * w2 +
      a9 * w1 +
      a10 * w0
    columns[to + 11] =
      (columns[to + 11] ?? 0) +
      a0 * w11 +
      a1 * w10 +
      a2 * w9 +
      a3 * w8 +
      a4 * w7 +
      a5 * w6 +
      a6 * w5 +
      a7 * w4 +
      a8 * w3 +
      a9 * w2 +
      a10 * w1 +
      a11 * w0
    columns[to + 12] =
      (columns[to + 12] ?? 0) +
      a0 * w12 +
      a1 * w11 +
      a2 * w10 +
      a3 * w9 +
      a4 * w8 +
      a5 * w7 +
      a6 * w6 +
      a7 * w5 +
      a8 * w4 +
      a9 * w3 +
      a10 * w2 +
      a11 * w1
    columns[to + 13] =
      (columns[to + 13] ?? 0) +
      a1 * w12 +
      a2 * w11 +
      a3 * w10 +
      a4 * w9 +
      a5 * w8 +
      a6 * w7 +
      a7 * w6 +
      a8 * w5 +
      a9 * w4 +
      a10 * w3 +
      a11 * w2
    columns[to + 14] =
      (columns[to + 14] ?? 0) +
      a2 * w12 +
      a3 * w11 +
      a4 * w10 +
      a5 * w9 +
      a6 * w8 +
      a7 * w7 +
      a8 * w6 +
      a9 * w5 +
      a10 * w4 +
      a11 * w3
    columns[to + 15] =
      (columns[to + 15] ?? 0) +
      a3 * w12 +
      a4 * w11 +
      a5 * w10 +
      a6 * w9 +
      a7 * w8 +
      a8 * w7 +
      a9 * w6 +
      a10 * w5 +
      a11 * w4
    columns[to + 16] =
      (columns[to + 16] ?? 0) + a4 * w12 + a5 * w11 + a6 * w10 + a7 * w9 + a8 * w8 + a9 * w7 + a10 * w6 + a11 * w5
    columns[to + 17] =
      (columns[to + 17] ?? 0) + a5 * w12 + a6 * w11 + a7 * w10 + a8 * w9 + a9 * w8 + a10 * w7 + a11 * w6
    columns[to + 18] = (columns[to + 18] ?? 0) + a6 * w12 + a7 * w11 + a8 * w10 + a9 * w9 + a10 * w8 + a11 * w7
    columns[to + 19] = (columns[to + 19] ?? 0) + a7 * w12 + a8 * w11 + a9 * w10 + a10 * w9 + a11 * w8
    columns[to + 20] = (columns[to + 20] ?? 0) + a8 * w12 + a9 * w11 + a10 * w10 + a11 * w9
    columns[to + 21] = (columns[to + 21] ?? 0) + a9 * w12 + a10 * w11 + a11 * w10
    columns[to + 22] = (columns[to + 22] ?? 0) + a10 * w12 + a11 * w11
    columns[to + 23] = (columns[to + 23] ?? 0) + a11 * w12
  }
}

/** Reads the sums that stand in columns, modulo r, one element after the other. */
export function createColumnReader(columns: Float64Array): (from: number) => bigint {
  // 24 limbs of 21 bits, and what is carried beyond them, fit 512 bits.
  const words = new Uint32Array(16)
  const wide = new BigUint64Array(words.buffer)
  const quarter = (at: number): bigint => wide[at] ?? 0n
  return from => {
    carryInto(words, columns, from)
    const high = (((((quarter(7) << 64n) | quarter(6)) << 64n) | quarter(5)) << 64n) | quarter(4)
    const low = (((((quarter(3) << 64n) | quarter(2)) << 64n) | quarter(1)) << 64n) | quarter(0)
    return ((high << 256n) | low) % SCALAR_MODULUS
  }
}

/** @param words get the sum, 32 bits each, lowest first. */
function carryInto(words: Uint32Array, columns: Float64Array, from: number): void {
  let carry = 0
  let word = 0
  let bits = 0
  let next = 0
  for (let at = 0; at < COLUMNS; at += 1) {
    const sum = (columns[from + at] ?? 0) + carry
    carry = Math.floor(sum / LIMB_SIZE)
    const limb = sum - carry * LIMB_SIZE
    word |= limb << bits // bitwise operators work on 32 bits, and the array takes them without a sign
    bits += LIMB_BITS
    if (bits < 32) continue
    words[next] = word
    next += 1
    bits -= 32
    word = limb >>> (LIMB_BITS - bits)
  }
  words[next] = word | (carry << bits)
}
