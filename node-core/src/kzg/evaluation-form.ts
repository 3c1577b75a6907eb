/** Polynomials as blobs hold them, by their values at the 4,096th roots of unity: value at a point, and division by X − z. */

import { invert, pow } from '@noble/curves/abstract/modular.js'
import { SCALAR_MODULUS } from '../domain/scalar-field.ts'
import { blobOfScalars, scalarsOf } from './fold.ts'

/** https://eips.ethereum.org/EIPS/eip-4844 (FIELD_ELEMENTS_PER_BLOB) */
const SIZE = 4_096
const SIZE_BITS = 12
/** https://github.com/ethereum/consensus-specs/blob/master/specs/deneb/polynomial-commitments.md (PRIMITIVE_ROOT_OF_UNITY) */
const PRIMITIVE_ROOT = 7n

/** `y` = f(z); `quotient` is (f − y) / (X − z) as a blob. */
export type Division = { readonly y: bigint; readonly quotient: Uint8Array }

/**
 * @param z below r and none of the 4,096 roots of unity.
 * @throws RangeError for such a root: c-kzg opens there too, this does not. AppError BLOB_NOT_CANONICAL.
 */
export function divideAt(blob: Uint8Array, z: bigint): Division {
  const values = scalarsOf(blob)
  const roots = rootsOfUnity()
  const inverses = invertAll(roots.map(root => z - root + SCALAR_MODULUS))
  // Barycentric: f(z) = (z^n − 1) / n · Σ f(w) · w / (z − w).
  let sum = 0n
  for (let at = 0; at < SIZE; at += 1)
    sum += (((values[at] ?? 0n) * (roots[at] ?? 0n)) % SCALAR_MODULUS) * (inverses[at] ?? 0n)
  const scale = (pow(z, BigInt(SIZE), SCALAR_MODULUS) - 1n + SCALAR_MODULUS) * invert(BigInt(SIZE), SCALAR_MODULUS)
  const y = ((sum % SCALAR_MODULUS) * scale) % SCALAR_MODULUS
  const quotient = values.map((value, at) => (y - value + SCALAR_MODULUS) * (inverses[at] ?? 0n))
  return { y, quotient: blobOfScalars(quotient) }
}

/** All inverses for the price of one and three products each. @throws RangeError when one is zero. */
function invertAll(values: readonly bigint[]): bigint[] {
  const inverses: bigint[] = []
  let product = 1n
  for (const value of values) {
    inverses.push(product)
    product = (product * value) % SCALAR_MODULUS
  }
  if (product === 0n) throw new RangeError('the point is a root of unity')
  let inverse = invert(product, SCALAR_MODULUS)
  for (let at = values.length - 1; at >= 0; at -= 1) {
    inverses[at] = ((inverses[at] ?? 0n) * inverse) % SCALAR_MODULUS
    inverse = (inverse * (values[at] ?? 0n)) % SCALAR_MODULUS
  }
  return inverses
}

let roots: readonly bigint[] | undefined

/** In the order of a blob's elements: by their exponents, bits reversed. */
function rootsOfUnity(): readonly bigint[] {
  roots ??= makeRoots()
  return roots
}

function makeRoots(): bigint[] {
  const generator = pow(PRIMITIVE_ROOT, (SCALAR_MODULUS - 1n) / BigInt(SIZE), SCALAR_MODULUS)
  const ascending: bigint[] = [1n]
  while (ascending.length < SIZE) ascending.push(((ascending.at(-1) ?? 0n) * generator) % SCALAR_MODULUS)
  return Array.from({ length: SIZE }, (_, at) => ascending[reverseBits(at)] ?? 0n)
}

function reverseBits(value: number): number {
  let reversed = 0
  for (let bit = 0; bit < SIZE_BITS; bit += 1) reversed |= ((value >> bit) & 1) << (SIZE_BITS - 1 - bit)
  return reversed
}
