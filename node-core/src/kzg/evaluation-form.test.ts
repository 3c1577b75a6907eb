import kzg from 'c-kzg'
import { beforeAll, expect, test } from 'vitest'
import { SCALAR_MODULUS } from '../domain/scalar-field.ts'
import { toHex, word } from '../domain/words.ts'
import { encodeBlob } from './blob-encoding.ts'
import { divideAt } from './evaluation-form.ts'
import { blobOf, pseudoRandomBytes } from './test-data.ts'

const blob = encodeBlob(pseudoRandomBytes(126_945, 4), 3)

beforeAll(() => kzg.loadTrustedSetup(0))

test.each([0n, 2n, 0x1234_5678_9abc_def0n, SCALAR_MODULUS - 2n])(
  'at %s the value is that of c-kzg, and the commitment of the quotient is its proof',
  z => {
    const { y, quotient } = divideAt(blob, z)
    const [proof, expected] = kzg.computeKzgProof(blob, word(z))
    expect(y).toBe(BigInt(toHex(expected)))
    expect(toHex(kzg.blobToKzgCommitment(quotient))).toBe(toHex(proof))
  },
)

test('a constant has its value everywhere and leaves nothing when divided', () => {
  const { y, quotient } = divideAt(blobOf(9n), 5n)
  expect(y).toBe(9n)
  expect(Buffer.from(quotient).equals(blobOf(0n))).toBe(true)
})

test('a root of unity is refused', () => {
  expect(() => divideAt(blob, 1n)).toThrow('root of unity')
  expect(() => divideAt(blob, SCALAR_MODULUS - 1n)).toThrow('root of unity')
})
