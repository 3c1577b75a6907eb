import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex, toHex } from '../domain/words.ts'
import { climb, commitmentLeaf, commitmentRoot, merklePath, pathLengthOf, versionedHash } from './commitment-tree.ts'

/** Not points, but the tree looks at nothing but the flag of infinity. */
const commitments = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, at) => Uint8Array.of(0x80, ...new Uint8Array(45), at >> 8, at & 255))

test('a versioned hash is the SHA-256 of the commitment behind the version byte', () => {
  const [commitment] = commitments(1) as [Uint8Array]
  expect(versionedHash(commitment)).toBe(`0x01${createHash('sha256').update(commitment).digest('hex').slice(2)}`)
})

test('a commitment at infinity or of another length is refused', () => {
  expect(() => versionedHash(Uint8Array.of(0xc0, ...new Uint8Array(47)))).toThrow('PROOF_INVALID')
  expect(() => versionedHash(new Uint8Array(47))).toThrow('PROOF_INVALID')
  expect(() => commitmentRoot([...commitments(2), Uint8Array.of(0xc0, ...new Uint8Array(47))])).toThrow('PROOF_INVALID')
})

test('the root of one commitment is its leaf, and there is no root of none', () => {
  const [only] = commitments(1) as [Uint8Array]
  expect(commitmentRoot([only])).toBe(commitmentLeaf(0, versionedHash(only)))
  expect(merklePath([only], 0)).toEqual([])
  expect(() => commitmentRoot([])).toThrow('EMPTY_FILE')
})

test('a path has as many siblings as the tree is deep', () => {
  expect([1, 2, 3, 4, 5, 8, 9, 2 ** 20 - 1].map(pathLengthOf)).toEqual([0, 1, 2, 2, 3, 3, 4, 20])
})

test('every path leads to the root, and from another index to another', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (count, one, other) => {
      const all = commitments(count)
      const [index, wrong] = [one % count, other % count]
      const leaf = commitmentLeaf(index, versionedHash(all[index] ?? new Uint8Array(0)))
      const path = merklePath(all, index)
      expect(path).toHaveLength(pathLengthOf(count))
      expect(climb(leaf, index, path)).toBe(commitmentRoot(all))
      if (wrong !== index) expect(climb(leaf, wrong, path)).not.toBe(commitmentRoot(all))
    }),
    { numRuns: 60 },
  )
})

test('there is no path for an index that no blob has', () => {
  expect(() => merklePath(commitments(3), 3)).toThrow(RangeError)
  expect(() => merklePath(commitments(3), -1)).toThrow(RangeError)
})

test('the order of the commitments is part of the root', () => {
  const [a, b] = commitments(2) as [Uint8Array, Uint8Array]
  expect(commitmentRoot([a, b])).not.toBe(commitmentRoot([b, a]))
})

test('roots and paths are those of the protocol vectors', () => {
  const { merkle, paths, about } = JSON.parse(
    readFileSync(new URL('../../../contracts/test/vectors/protocol-vectors.json', import.meta.url), 'utf8'),
  )
  expect([merkle.length, paths.length]).toEqual([about.kinds.merkle, about.kinds.paths])
  for (const { commitments, root, index, path } of merkle) {
    const all = commitments.map(fromHex)
    expect(commitmentRoot(all)).toBe(root)
    expect(merklePath(all, index)).toEqual(path)
  }
  for (const { blobCount, index, versionedHash: hash, path, root } of paths) {
    expect(path).toHaveLength(pathLengthOf(blobCount))
    expect(climb(commitmentLeaf(index, hash), index, path)).toBe(root)
  }
})

test('hex keeps every byte', () => {
  expect(toHex(Uint8Array.of(0, 1, 255))).toBe('0x0001ff')
})
