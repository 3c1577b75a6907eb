/** Where the access token comes from and where it does not stay. */

import { expect, test } from 'vitest'
import { takeSessionToken } from './session-token.ts'

const TOKEN = 'ab'.repeat(32)

function createPlace(hash: string, stored: string | null = null) {
  const written: string[] = []
  const items = new Map(stored === null ? [] : [['emerald.token', stored]])
  return {
    written,
    items,
    location: { hash, pathname: '/', search: '' },
    history: { replaceState: (_: unknown, __: string, url?: string | URL | null) => void written.push(String(url)) },
    storage: {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
    },
  }
}

test('a token in the fragment is kept for the tab and leaves the address', () => {
  const place = createPlace(`#token=${TOKEN}`)
  expect(takeSessionToken(place)).toBe(TOKEN)
  expect(place.items.get('emerald.token')).toBe(TOKEN)
  expect(place.written).toEqual(['/#/'])
})

test('a new token replaces the kept one', () => {
  expect(takeSessionToken(createPlace(`#token=${TOKEN}`, 'cd'.repeat(32)))).toBe(TOKEN)
})

test('a reload finds the kept token and leaves the route alone', () => {
  const place = createPlace('#/posts', TOKEN)
  expect(takeSessionToken(place)).toBe(TOKEN)
  expect(place.written).toEqual([])
})

test.each(['', '#token=', '#token=xyz', `#token=${TOKEN}!`])('%s is no token', hash => {
  expect(takeSessionToken(createPlace(hash))).toBe(null)
})
