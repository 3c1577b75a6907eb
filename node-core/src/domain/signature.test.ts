import fc from 'fast-check'
import {
  hashMessage,
  parseSignature,
  recoverAddress,
  serializeCompactSignature,
  signatureToCompactSignature,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import type { Hex } from '../base/hex.ts'
import { canonicalSignature } from './signature.ts'

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const word = (value: bigint): string => value.toString(16).padStart(64, '0')
const account = privateKeyToAccount(`0x${'07'.repeat(32)}`)

/** Every way to write the same signature. */
function formsOf(signature: Hex): Hex[] {
  const { r, s, yParity } = parseSignature(signature)
  const high = word(ORDER - BigInt(s))
  const ending = (parity: number, base: number): string => (base + parity).toString(16).padStart(2, '0')
  return [
    signature,
    `${r}${s.slice(2)}${ending(yParity, 0)}`,
    `${r}${high}${ending(1 - yParity, 27)}`,
    `${r}${high}${ending(1 - yParity, 0)}`,
    serializeCompactSignature(signatureToCompactSignature({ r, s, yParity })),
    signature.toUpperCase().replace('0X', '0x') as Hex, // the same digits
  ]
}

test('every form of a signature becomes the one that recovers its signer with a low s and v 27 or 28', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async message => {
      const signature = await account.signMessage({ message })
      for (const form of formsOf(signature)) expect(canonicalSignature(form)).toBe(signature)
      expect(await recoverAddress({ hash: hashMessage(message), signature })).toBe(account.address)
    }),
    { numRuns: 30 },
  )
})

const R = word(5n)
const S = word(7n)
test.each([
  ['nothing', '0x'],
  ['no hex', `0x${'zz'.repeat(65)}`],
  ['a byte too few', `0x${R}${S}`.slice(0, -2)],
  ['a byte too many', `0x${R}${S}1b00`],
  ['r of zero', `0x${word(0n)}${S}1b`],
  ['s of zero', `0x${R}${word(0n)}1b`],
  ['r at the order', `0x${word(ORDER)}${S}1b`],
  ['s at the order', `0x${R}${word(ORDER)}1b`],
  ['s of zero in the compact form', `0x${R}${word(1n << 255n)}`],
  ['v of 2', `0x${R}${S}02`],
  ['v of 29', `0x${R}${S}1d`],
  ['v of 26', `0x${R}${S}1a`],
])('%s is no signature', (_, signature) => {
  expect(canonicalSignature(signature)).toBeUndefined()
})
