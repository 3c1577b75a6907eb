import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bigintToBytes, bytesToBigint, bytesToHex, hexToBytes, isHex } from './hex.ts'

test('bytes are read back from their hex, lower-case with 0x', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), bytes => {
      const hex = bytesToHex(bytes)
      expect(hex).toMatch(/^0x[0-9a-f]*$/)
      expect(hexToBytes(hex)).toEqual(bytes)
      expect(hexToBytes(`0x${hex.slice(2).toUpperCase()}`)).toEqual(bytes)
    }),
  )
})

test('numbers are read back from bytes of any width that holds them', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), fc.nat(10), (value, extra) => {
      expect(bytesToBigint(bigintToBytes(value, 32 + extra))).toBe(value)
    }),
  )
  expect(bytesToBigint(new Uint8Array(0))).toBe(0n)
})

test('a part of a larger buffer is that part alone', () => {
  expect(bytesToHex(Uint8Array.of(1, 2, 3, 4).subarray(1, 3))).toBe('0x0203')
})

test('what does not fit or is negative is refused', () => {
  expect(() => bigintToBytes(256n, 1)).toThrow(RangeError)
  expect(() => bigintToBytes(-1n, 8)).toThrow(RangeError)
  expect(bigintToBytes(255n, 1)).toEqual(Uint8Array.of(255))
})

test.each(['', '0', '0x0', '0xzz', 'aabb', '0x11 ', '0X11'])('"%s" is no hex', text => {
  expect(() => hexToBytes(text)).toThrow(RangeError)
  expect(isHex(text)).toBe(false)
})

test('the number of bytes can be asked for as well', () => {
  expect(isHex('0x1122', 2)).toBe(true)
  expect(isHex('0x1122', 3)).toBe(false)
})
