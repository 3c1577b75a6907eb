import { readFileSync } from 'node:fs'
import { keccak_256 } from '@noble/hashes/sha3.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesToHex, type Hex } from '../base/hex.ts'
import { bitsOf } from './post.ts'
import { blobIndexes, challengedOperators, isPicked, saltOf } from './sampling.ts'

/** Computed from the protocol's text by a third implementation. */
const vectors = JSON.parse(
  readFileSync(new URL('../../../contracts/test/vectors/protocol-vectors.json', import.meta.url), 'utf8'),
)

const saltNumber = (number: number): Hex =>
  bytesToHex(keccak_256(Uint8Array.of(number >> 16, (number >> 8) & 255, number & 255)))
const salts = fc.nat(2 ** 24 - 1).map(saltNumber)
const bitmaps = fc
  .uniqueArray(fc.nat(255), { minLength: 1, maxLength: 80 })
  .map(all => all.reduce((map, bit) => map | (1n << BigInt(bit)), 0n))

test('salts, picks, operators and indexes are those of the protocol vectors', () => {
  for (const kind of ['salts', 'picks', 'operators', 'indexes'])
    expect(vectors[kind]).toHaveLength(vectors.about.kinds[kind])
  for (const { seed, postId, level, salt } of vectors.salts) expect(saltOf(seed, postId, level)).toBe(salt)
  for (const { salt, period, isPicked: expected } of vectors.picks) expect(isPicked(salt, 0, period)).toBe(expected)
  for (const { salt, attesters, maxChallenged, challenged } of vectors.operators) {
    const drawn = challengedOperators({ salt, attesters: BigInt(attesters), operatorsAtLevel: maxChallenged })
    expect(drawn.map(({ operator }) => operator)).toEqual(challenged)
  }
  for (const { indexes, ...challenge } of vectors.indexes) expect(blobIndexes(challenge)).toEqual(indexes)
})

test('above level 0 every post is picked, at level 0 one in a period', () => {
  expect(isPicked(saltNumber(1), 1, 1_000_000)).toBe(true)
  const picked = Array.from({ length: 4_000 }, (_, at) => isPicked(saltNumber(at), 0, 4)).filter(Boolean).length
  // Binomial with mean 1,000 and deviation 27.
  expect(picked).toBeGreaterThan(850)
  expect(picked).toBeLessThan(1_150)
})

test('min(A, c) different attesters are challenged, one in each stratum', () => {
  fc.assert(
    fc.property(salts, bitmaps, fc.integer({ min: 1, max: 64 }), (salt, attesters, operatorsAtLevel) => {
      const all = bitsOf(attesters)
      const drawn = challengedOperators({ salt, attesters, operatorsAtLevel })
      expect(drawn).toHaveLength(Math.min(all.length, operatorsAtLevel))
      expect(new Set(drawn.map(each => each.operator)).size).toBe(drawn.length)
      expect(drawn.map(each => each.stratum)).toEqual(drawn.map((_, at) => at))
      for (const each of drawn) expect(all[each.position]).toBe(each.operator)
    }),
  )
})

test('the contract, which asks from the operator to the stratum, finds the same strata', () => {
  fc.assert(
    fc.property(salts, bitmaps, fc.integer({ min: 1, max: 64 }), (salt, attesters, operatorsAtLevel) => {
      const all = bitsOf(attesters)
      const [total, drawn] = [all.length, Math.min(all.length, operatorsAtLevel)]
      const offset = Number(
        BigInt(bytesToHex(keccak_256(Buffer.concat([Buffer.from(salt.slice(2), 'hex'), Buffer.from('OPR1')])))) %
          BigInt(total),
      )
      for (const { position, stratum } of challengedOperators({ salt, attesters, operatorsAtLevel })) {
        const rotated = (position + total - offset) % total
        expect(Math.floor(((rotated + 1) * drawn - 1) / total)).toBe(stratum)
      }
    }),
  )
})

test('every attester is challenged about equally often', () => {
  const attesters = 0b1011011n
  const counts = new Map<number, number>()
  const rounds = 5_000
  for (let round = 0; round < rounds; round += 1) {
    for (const { operator } of challengedOperators({ salt: saltNumber(round), attesters, operatorsAtLevel: 2 })) {
      counts.set(operator, (counts.get(operator) ?? 0) + 1)
    }
  }
  expect([...counts.keys()].sort((a, b) => a - b)).toEqual(bitsOf(attesters))
  // Mean 2,000, deviation below 35 for each of the five.
  for (const count of counts.values()) expect(Math.abs(count - (rounds * 2) / 5)).toBeLessThan(200)
})

test('nobody is challenged when nobody attested', () => {
  expect(challengedOperators({ salt: saltNumber(1), attesters: 0n, operatorsAtLevel: 4 })).toEqual([])
})

test('min(N, k) different blobs are drawn, one in each run after the rotation', () => {
  fc.assert(
    fc.property(
      salts,
      fc.nat(255),
      fc.integer({ min: 1, max: 2 ** 20 - 1 }),
      fc.integer({ min: 1, max: 64 }),
      (salt, operator, blobCount, blobsAtLevel) => {
        const indexes = blobIndexes({ salt, operator, blobCount, blobsAtLevel })
        expect(indexes).toHaveLength(Math.min(blobCount, blobsAtLevel))
        expect(new Set(indexes).size).toBe(indexes.length)
        expect(indexes.every(index => index >= 0 && index < blobCount)).toBe(true)
      },
    ),
  )
})

test('every blob is drawn at some time', () => {
  const drawn = new Set<number>()
  for (let round = 0; round < 400; round += 1) {
    for (const index of blobIndexes({ salt: saltNumber(round), operator: 3, blobCount: 23, blobsAtLevel: 4 }))
      drawn.add(index)
  }
  expect(drawn.size).toBe(23)
})

test('operators draw different blobs', () => {
  const drawnBy = (operator: number) =>
    blobIndexes({ salt: saltNumber(1), operator, blobCount: 2 ** 20 - 1, blobsAtLevel: 4 })
  expect(drawnBy(0)).not.toEqual(drawnBy(1))
})

test('a number of strata that the contracts do not know is refused', () => {
  for (const count of [0, 65, 1.5]) {
    expect(() => challengedOperators({ salt: saltNumber(1), attesters: 3n, operatorsAtLevel: count })).toThrow(
      RangeError,
    )
    expect(() => blobIndexes({ salt: saltNumber(1), operator: 0, blobCount: 9, blobsAtLevel: count })).toThrow(
      RangeError,
    )
  }
})
