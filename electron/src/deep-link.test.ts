import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findDeepLink, parseDeepLink } from './deep-link.ts'

const ROW = `0x${'0a'.repeat(32)}`

test.each([
  ['emerald://open/posts', '/posts'],
  ['emerald://open/settings', '/settings'],
  [`emerald://open/proofs/${ROW}`, `/proofs/${ROW}`],
])('%s leads to %s', (link, route) => {
  expect(parseDeepLink(link)).toBe(route)
})

test.each([
  'emerald://open/',
  'emerald://open/unknown',
  'emerald://open/posts/',
  'emerald://open/posts/0x01',
  `emerald://open/settings/${ROW}`,
  `emerald://open/posts/${ROW}/more`,
  'emerald://open/posts?reset=1',
  'emerald://open/posts#token=1',
  'emerald://someone@open/posts',
  'emerald://act/posts',
  'emerald:posts',
  'https://open/posts',
  'javascript:alert(1)',
  '--profile',
  '',
])('%j leads nowhere', link => {
  expect(parseDeepLink(link)).toBeNull()
})

test('whatever is linked, a route is made of known letters only', () => {
  fc.assert(
    fc.property(fc.string(), rest => {
      expect(parseDeepLink(`emerald://open/${rest}`) ?? '/').toMatch(/^\/[a-z]*(?:\/0x[0-9a-f]{64})?$/)
    }),
  )
})

test('the first known route among the arguments is taken', () => {
  expect(findDeepLink(['--profile', 'demo', 'emerald://no/posts', 'emerald://open/keys'])).toBe('/keys')
  expect(findDeepLink([])).toBeNull()
})
