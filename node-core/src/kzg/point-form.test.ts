import { bls12_381 } from '@noble/curves/bls12-381.js'
import { expect, test } from 'vitest'
import { word } from '../domain/words.ts'
import { uncompressPoint } from './point-form.ts'

const { Point } = bls12_381.G1

const uncompressed = (point: InstanceType<typeof Point>): string => {
  const { x, y } = point.toAffine()
  return [x, y].map(each => `${'00'.repeat(16)}${each.toString(16).padStart(96, '0')}`).join('')
}

test.each([1n, 2n, 3n, 4n, 0x1234_5678_9abc_def0n])('%s times the generator comes back with both signs', scalar => {
  const point = Point.BASE.multiply(scalar)
  for (const each of [point, point.negate()])
    expect(Buffer.from(uncompressPoint(each.toBytes())).toString('hex')).toBe(uncompressed(each))
})

test('infinity is all zeros', () => {
  const infinity = Uint8Array.of(0xc0, ...new Uint8Array(47))
  expect(Buffer.from(uncompressPoint(infinity)).equals(new Uint8Array(128))).toBe(true)
})

test.each<[string, Uint8Array]>([
  ['a wrong length', new Uint8Array(47).fill(0x80)],
  ['no compression flag', Point.BASE.toBytes().with(0, 0x17)],
  ['x off the curve', Uint8Array.of(0x80, ...new Uint8Array(46), 1)],
  ['x not below p', Uint8Array.of(0x9f, ...new Uint8Array(47).fill(0xff))],
  ['a word', word(1n)],
])('%s is refused', (_, bytes) => {
  expect(() => uncompressPoint(bytes)).toThrow(RangeError)
})
