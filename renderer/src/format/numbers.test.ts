/** Numbers with their units. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatBytes, formatWei, shorten } from './numbers.ts'

test.each([
  [0, '0 B'],
  [1_023, '1,023 B'],
  [1_024, '1 KiB'],
  [1_536, '1.5 KiB'],
  [8_412_331, '8 MiB'],
  [200 * 1_048_576, '200 MiB'],
])('%d bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes, 'en')).toBe(text)
})

test('the language decides on the decimal mark', () => {
  expect(formatBytes(1_536, 'de')).toBe('1,5 KiB')
  expect(formatWei('1500000000000000000', 'de')).toBe('1,5 ETH')
})

test.each([
  ['0', '0 ETH'],
  ['1', '1 wei'],
  ['999999999', '999,999,999 wei'],
  ['1500000000', '1.5 gwei'],
  ['100000000000000', '0.0001 ETH'],
  ['32000000000000000000', '32 ETH'],
  ['1234567890000000000000', '1,234.5678 ETH'],
])('%s wei read %s', (wei, text) => {
  expect(formatWei(wei, 'en')).toBe(text)
})

test('an amount is never shown larger than it is', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 10n ** 14n, max: 10n ** 30n }), wei => {
      const [whole = '', fraction = ''] = formatWei(wei.toString(), 'en')
        .replace(' ETH', '')
        .replaceAll(',', '')
        .split('.')
      expect(BigInt(whole) * 10n ** 18n + BigInt(fraction.padEnd(18, '0'))).toBeLessThanOrEqual(wei)
    }),
  )
})

test('a value is only shortened when that makes it shorter', () => {
  expect(shorten('0x1234567890abcdef')).toBe('0x1234…cdef')
  fc.assert(fc.property(fc.string(), text => shorten(text).length <= text.length))
})
