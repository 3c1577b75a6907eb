/** Points of G1 in the form that the BLS12-381 precompiles read. */

import { bls12_381 } from '@noble/curves/bls12-381.js'
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { COMMITMENT_BYTES, POINT_BYTES } from '../domain/point-bytes.ts'

const COORDINATE_BYTES = POINT_BYTES / 2

/** Flags in the first byte of a compressed point, as the library of Zcash defined them. */
const COMPRESSED = 0x80
const INFINITY = 0x40
const IS_Y_LARGER = 0x20

const { Fp } = bls12_381.fields
/** y² = x³ + 4. */
const CURVE_B = 4n

/**
 * x and y of a compressed point; infinity is 128 zero bytes. That it lies in the subgroup is for the precompiles to check: asking here
 * would take six times as long, and what comes here are commitments of this node.
 * @throws RangeError when the bytes are no compressed point of the curve.
 */
export function uncompressPoint(compressed: Uint8Array): Uint8Array {
  const [flags = 0] = compressed
  if (compressed.length !== COMMITMENT_BYTES || (flags & COMPRESSED) === 0) throw new RangeError('no compressed point')
  if ((flags & INFINITY) !== 0) return new Uint8Array(POINT_BYTES)
  const xBytes = Uint8Array.from(compressed)
  xBytes[0] = flags & ~(COMPRESSED | INFINITY | IS_Y_LARGER)
  const x = bytesToNumberBE(xBytes)
  if (x >= Fp.ORDER) throw new RangeError('no compressed point: x is not below p')
  const root = rootOf(Fp.add(Fp.mul(Fp.sqr(x), x), CURVE_B))
  const isRootLarger = root > (Fp.ORDER - 1n) / 2n
  const y = isRootLarger === ((flags & IS_Y_LARGER) !== 0) ? root : Fp.neg(root)
  return concatBytes(numberToBytesBE(x, COORDINATE_BYTES), numberToBytesBE(y, COORDINATE_BYTES))
}

function rootOf(square: bigint): bigint {
  try {
    return Fp.sqrt(square)
  } catch (cause) {
    throw new RangeError('no compressed point: x is not on the curve', { cause })
  }
}
