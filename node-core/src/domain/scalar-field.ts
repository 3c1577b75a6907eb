/** The scalar field of BLS12-381, in which polynomials are evaluated. */

import { AppError } from '../base/app-error.ts'

/** Order r of the field, https://eips.ethereum.org/EIPS/eip-4844 (BLS_MODULUS). */
export const SCALAR_MODULUS = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n

export const isCanonicalScalar = (value: bigint): boolean => value >= 0n && value < SCALAR_MODULUS

/** @throws AppError SCALAR_NOT_CANONICAL {name} unless 0 <= value < r. */
export function requireScalar(name: string, value: bigint): void {
  if (!isCanonicalScalar(value)) throw new AppError('SCALAR_NOT_CANONICAL', { name })
}

/** 1, γ, γ² … */
export function powersOf(gamma: bigint, count: number): bigint[] {
  const powers: bigint[] = []
  for (let power = 1n; powers.length < count; power = (power * gamma) % SCALAR_MODULUS) powers.push(power)
  return powers
}
