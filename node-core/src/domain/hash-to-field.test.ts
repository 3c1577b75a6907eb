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
  expect(vectors.hashToField).toHaveLength(vectors.about.kinds.hashToField)
  for (const { domainTag, message, scalar } of vectors.hashToField) {
    const hashed = () => hashToField(fromHex(domainTag), fromHex(message))
    // RFC 9380 demands a tag; the vectors have cases without, which the contracts' library computes.
    if (domainTag === '0x') expect(hashed).toThrow(RangeError)
    else expect(hashed()).toBe(BigInt(scalar))
  }
})

test('a tag of no bytes or more than 255 is refused', () => {
  expect(() => hashToField('', Uint8Array.of(1))).toThrow(RangeError)
  expect(() => hashToField('x'.repeat(256), Uint8Array.of(1))).toThrow(RangeError)
  expect(hashToField('x'.repeat(255), Uint8Array.of(1))).toBeLessThan(SCALAR_MODULUS)
})

test('points and folding factors are those of the protocol vectors', () => {
  expect(vectors.points).toHaveLength(vectors.about.kinds.points)
  for (const { z, gamma, ...source } of vectors.points) {
    expect(challengePoint(source)).toBe(BigInt(z))
    expect(foldingFactor(source)).toBe(BigInt(gamma))
  }
})

test('post ids are those of the protocol vectors', () => {
  expect(vectors.postIds).toHaveLength(vectors.about.kinds.postIds)
  for (const { postId, ...post } of vectors.postIds) {
    expect(postIdOf({ ...post, chainId: Number(post.chainId), nonce: BigInt(post.nonce) })).toBe(postId)
  }
})

test('seeds are those of the protocol vectors', () => {
  expect(vectors.seeds).toHaveLength(vectors.about.kinds.seeds)
  for (const { seed, ...source } of vectors.seeds)
    expect(seedOf({ ...source, chainId: Number(source.chainId) })).toBe(seed)
})
