/** Content types in few words. */

import { expect, test } from 'vitest'
import { typeNames } from './type-names.ts'

test('types become short names, each once', () => {
  expect(typeNames(['image/png', 'text/plain', 'audio/mp4', 'video/mp4', 'application/ld+json', 'image/*'])).toBe(
    'PNG, TXT, MP4, JSON, image',
  )
})
