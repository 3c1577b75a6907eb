import { readFileSync } from 'node:fs'
import kzg from 'c-kzg'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { SCALAR_MODULUS } from '../domain/scalar-field.ts'
import { fromHex, toHex, word } from '../domain/words.ts'
import { encodeFile } from './blob-encoding.ts'
import { blobOf, constantPolynomialFile, pseudoRandomBytes } from './test-data.ts'
import { type Opening, TAU_G2, verifyOpening } from './verify-opening.ts'

const INFINITY = toHex(Uint8Array.of(0xc0, ...new Uint8Array(47)))

beforeAll(() => kzg.loadTrustedSetup(0))

function open(blob: Uint8Array, z: bigint): Opening {
  const [proof, y] = kzg.computeKzgProof(blob, word(z))
  return { commitment: toHex(kzg.blobToKzgCommitment(blob)), z, y: BigInt(toHex(y)), proof: toHex(proof) }
}

/** c-kzg throws on malformed input where this project's check says no. */
function isValidByCKzg({ commitment, z, y, proof }: Opening): boolean {
  try {
    return kzg.verifyKzgProof(fromHex(commitment), word(z), word(y), fromHex(proof))
  } catch {
    return false
  }
}

const firstBlob = (file: Uint8Array): Uint8Array => encodeFile(file)[0] ?? new Uint8Array(0)

const BLOBS: readonly (readonly [name: string, blob: Uint8Array])[] = [
  ['random bytes', firstBlob(pseudoRandomBytes(126_945, 1))],
  ['one byte', firstBlob(Uint8Array.of(1))],
  ['zeros', firstBlob(new Uint8Array(126_945))],
  ['the largest payload', firstBlob(new Uint8Array(126_945).fill(0xff))],
  ['a constant polynomial', firstBlob(constantPolynomialFile())],
  ['the largest elements', blobOf(SCALAR_MODULUS - 1n)],
]

/** 1 and r − 1 are 4096th roots of unity: there c-kzg goes another way. */
const POINTS = [
  0n,
  1n,
  2n,
  SCALAR_MODULUS - 1n,
  0x3333_4444_5555_6666_7777_8888_9999_aaaa_bbbb_cccc_dddd_eeee_ffff_0000_1111_2222n,
]

test.each(BLOBS)('openings of %s by c-kzg verify here, and no other value does', (_, blob) => {
  for (const z of POINTS) {
    const opening = open(blob, z)
    expect(verifyOpening(opening)).toBe(true)
    expect(verifyOpening({ ...opening, y: (opening.y + 1n) % SCALAR_MODULUS })).toBe(false)
  }
})

test('a constant polynomial is opened by the point at infinity', () => {
  const opening = open(firstBlob(constantPolynomialFile()), 5n)
  expect(opening.proof).toBe(INFINITY)
  expect(verifyOpening({ ...opening, z: 6n })).toBe(true)
})

test('c-kzg and this check agree, whichever byte is changed', { timeout: 60_000 }, () => {
  const opening = open(firstBlob(pseudoRandomBytes(500, 3)), 99n)
  const fields = fc.constantFrom('commitment', 'proof', 'z', 'y')
  fc.assert(
    fc.property(fields, fc.nat(47), fc.integer({ min: 1, max: 255 }), (field, at, change) => {
      const bytes = field === 'z' || field === 'y' ? word(opening[field]) : fromHex(opening[field as 'proof'])
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ change
      const value = field === 'z' || field === 'y' ? BigInt(toHex(bytes)) : toHex(bytes)
      const changed: Opening = { ...opening, [field]: value }
      expect(verifyOpening(changed)).toBe(false)
      expect(isValidByCKzg(changed)).toBe(false)
    }),
    { numRuns: 120 },
  )
})

test('c-kzg and this check agree on every wrong proof that the contracts are tested with', () => {
  const { wrong } = JSON.parse(
    readFileSync(new URL('../../../contracts/test/vectors/prover-proofs.json', import.meta.url), 'utf8'),
  )
  expect(wrong.length).toBeGreaterThan(10)
  for (const { name, z, y, ...rest } of wrong) {
    const opening: Opening = { ...rest, z: BigInt(z), y: BigInt(y) }
    expect([verifyOpening(opening), isValidByCKzg(opening)], name).toEqual([false, false])
  }
})

test('a commitment at infinity is refused, though EIP-4844 takes it', () => {
  const opening: Opening = { commitment: INFINITY, z: 5n, y: 0n, proof: INFINITY }
  expect(isValidByCKzg(opening)).toBe(true)
  expect(verifyOpening(opening)).toBe(false)
})

test('text that is no hex of 48 bytes is refused', () => {
  const opening = open(firstBlob(Uint8Array.of(1)), 5n)
  for (const proof of ['0x', '0xzz', opening.proof.slice(0, -2), `${opening.proof}00`] as `0x${string}`[]) {
    expect(verifyOpening({ ...opening, proof })).toBe(false)
  }
})

test('the second point of the setup in G2 is the one that c-kzg ships', () => {
  const setup = readFileSync(
    new URL('../../../node_modules/c-kzg/deps/c-kzg/trusted_setup.txt', import.meta.url),
    'utf8',
  ).split('\n')
  expect(TAU_G2).toBe(setup[2 + 4096 + 1])
})
