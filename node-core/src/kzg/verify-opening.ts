/** Checks openings of KZG commitments by @noble/curves alone: independent of the library that makes them. */

import { bls12_381 } from '@noble/curves/bls12-381.js'
import type { Hex } from '../base/hex.ts'
import { isCanonicalScalar, powersOf } from '../domain/scalar-field.ts'
import { fromHex, toHex } from '../domain/words.ts'

export type Opening = { readonly commitment: Hex; readonly z: bigint; readonly y: bigint; readonly proof: Hex }

type PointG1 = typeof bls12_381.G1.Point.BASE

/**
 * [τ]₂ of the Ethereum KZG ceremony: the second point of `g2_monomial` in
 * https://github.com/ethereum/consensus-specs/blob/master/presets/mainnet/trusted_setups/trusted_setup_4096.json
 */
export const TAU_G2 =
  'b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2'

/**
 * Whether the polynomial behind `commitment` takes the value `y` at `z`: e(C − [y]₁ + z·π, [1]₂) = e(π, [τ]₂), which is the
 * check of EIP-4844 with both sides multiplied out.
 * @returns false as well for bytes that are no points of the right subgroup in their one canonical encoding, for scalars that are
 * not below r, and for a commitment at infinity (which EIP-4844 would take). A proof at infinity is good: it opens a constant.
 */
export function verifyOpening({ commitment, z, y, proof }: Opening): boolean {
  const C = parsePoint(commitment)
  const pi = parsePoint(proof)
  if (C === undefined || pi === undefined || C.is0() || !isCanonicalScalar(z) || !isCanonicalScalar(y)) return false
  const { G1, G2, pairingBatch, fields } = bls12_381
  const left = C.subtract(G1.Point.BASE.multiplyUnsafe(y)).add(pi.multiplyUnsafe(z))
  // Pairings with infinity are one; noble refuses to compute them.
  const pairs = [
    { g1: left, g2: G2.Point.BASE },
    { g1: pi.negate(), g2: G2.Point.fromHex(TAU_G2) },
  ].filter(({ g1 }) => !g1.is0())
  return pairs.length === 0 || fields.Fp12.eql(pairingBatch(pairs), fields.Fp12.ONE)
}

/** Σ γ^j C_j, compressed, at infinity when they cancel out; undefined when a commitment is not a canonical point of the subgroup. */
export function foldCommitments(commitments: readonly Hex[], gamma: bigint): Hex | undefined {
  const weights = powersOf(gamma, commitments.length)
  let sum = bls12_381.G1.Point.ZERO
  for (const [at, hex] of commitments.entries()) {
    const point = parsePoint(hex)
    if (point === undefined) return undefined
    sum = sum.add(point.multiplyUnsafe(weights[at] ?? 0n))
  }
  // A sum at infinity comes out in coordinates that noble refuses to write.
  return toHex((sum.is0() ? bls12_381.G1.Point.ZERO : sum).toBytes())
}

/** Undefined unless the bytes are the canonical encoding of a point of the subgroup; infinity is one. */
function parsePoint(hex: Hex): PointG1 | undefined {
  try {
    // Checks the curve and the subgroup too; whether the text is the one of 48 bytes shows by writing it again.
    const point = bls12_381.G1.Point.fromBytes(fromHex(hex))
    return toHex(point.toBytes()) === hex.toLowerCase() ? point : undefined
  } catch {
    return undefined
  }
}
