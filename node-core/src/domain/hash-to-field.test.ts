import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { challengePoint, foldingFactor } from './challenge-point.ts'
import { hashToField } from './hash-to-field.ts'
import { postIdOf, seedOf } from './identifiers.ts'
import { SCALAR_MODULUS } from './scalar-field.ts'
import { fromHex } from './words.ts'

/** Computed from the protocol's text by a third implementation. */
const vectors = JSON.parse(
  readFileSync(new URL('../../../contracts/test/vectors/protocol-vectors.json', import.meta.url), 'utf8'),
)

test('scalars are those of the protocol vectors', () => {
  const tagged = vectors.hashToField.filter(({ domainTag }: { domainTag: string }) => domainTag !== '0x')
  expect(tagged.length).toBeGreaterThan(0)
  for (const { domainTag, message, scalar } of tagged) {
    expect(hashToField(fromHex(domainTag), fromHex(message))).toBe(BigInt(scalar))
  }
})

test('a tag of no bytes or more than 255 is refused', () => {
  expect(() => hashToField('', Uint8Array.of(1))).toThrow(RangeError)
  expect(() => hashToField('x'.repeat(256), Uint8Array.of(1))).toThrow(RangeError)
  expect(hashToField('x'.repeat(255), Uint8Array.of(1))).toBeLessThan(SCALAR_MODULUS)
})

test('points and folding factors are those of the protocol vectors', () => {
  expect(vectors.points.length).toBeGreaterThan(0)
  for (const { z, gamma, ...source } of vectors.points) {
    expect(challengePoint(source)).toBe(BigInt(z))
    expect(foldingFactor(source)).toBe(BigInt(gamma))
  }
})

test('post ids are those of the protocol vectors', () => {
  expect(vectors.postIds.length).toBeGreaterThan(0)
  for (const { postId, ...post } of vectors.postIds) {
    expect(postIdOf({ ...post, chainId: Number(post.chainId), nonce: BigInt(post.nonce) })).toBe(postId)
  }
})

test('seeds are those of the protocol vectors', () => {
  expect(vectors.seeds.length).toBeGreaterThan(0)
  for (const { seed, ...source } of vectors.seeds)
    expect(seedOf({ ...source, chainId: Number(source.chainId) })).toBe(seed)
})
