/** Text that may be a bundle. */

import { expect, test } from 'vitest'
import { MAX_BUNDLE_CHARS, readBundle } from './read-bundle.ts'

test('an object passes, whatever is in it: the node judges that', () => {
  expect(readBundle('{"version":1}')).toEqual({ version: 1 })
})

test.each(['', 'null', '[]', '"text"', '{"cut":', `{"a":"${'x'.repeat(MAX_BUNDLE_CHARS)}"}`])(
  'no bundle: %.20s',
  text => {
    expect(readBundle(text)).toBe(null)
  },
)
