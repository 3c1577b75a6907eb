/** What counts as a JSON value: exactly what survives being written and read. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assertJsonValue, toJsonRecord } from './json-value.ts'

describe('JSON values', () => {
  it('takes every value that JSON gives', () => {
    fc.assert(fc.property(fc.jsonValue(), value => assertJsonValue(value)))
  })

  const others = [1n, new Date(0), new Uint8Array(1), new Map(), new Set(), Number.NaN, Infinity, () => 1, Symbol('s')]
  it.each(others)('refuses %s at any depth and says where', value => {
    expect(() => assertJsonValue(value)).toThrow(TypeError)
    expect(() => assertJsonValue({ a: [{ b: value }] })).toThrow('output.a[0].b is not a JSON value')
  })

  it('leaves out properties that are undefined, and refuses undefined in an array', () => {
    expect(() => assertJsonValue({ a: undefined })).not.toThrow()
    expect(() => assertJsonValue([undefined])).toThrow(TypeError)
  })

  it('writes bigints of error data as decimal strings and gives up on cycles', () => {
    expect(toJsonRecord({ wei: 10n ** 20n, at: { block: 5n } })).toEqual({
      wei: '100000000000000000000',
      at: { block: '5' },
    })
    const cyclic: Record<string, unknown> = {}
    cyclic.self = cyclic
    expect(toJsonRecord(cyclic)).toBeUndefined()
  })
})
