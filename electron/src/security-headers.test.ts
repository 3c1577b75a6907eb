import { expect, test } from 'vitest'
import { SECURITY_HEADERS } from './security-headers.ts'

const policy = new Map(
  (SECURITY_HEADERS['Content-Security-Policy'] ?? '').split('; ').map(directive => {
    const [name = '', ...sources] = directive.split(' ')
    return [name, sources]
  }),
)

test.each(['default-src', 'object-src', 'frame-src', 'base-uri', 'form-action', 'frame-ancestors'])(
  'the policy allows nothing for %s',
  directive => {
    expect(policy.get(directive)).toEqual(["'none'"])
  },
)

test('scripts come from the bundle only, never inline and never from text', () => {
  expect(policy.get('script-src')).toEqual(["'self'"])
  expect(policy.get('worker-src')).toEqual(["'self'"])
})

test('no directive names a remote source or a wildcard, and only styles may be inline', () => {
  for (const [directive, sources] of policy) {
    const allowed = ["'self'", "'none'", 'data:', 'blob:', ...(directive === 'style-src' ? ["'unsafe-inline'"] : [])]
    for (const source of sources) expect(allowed).toContain(source)
  }
})

test('types are not guessed, frames are refused and no referrer is sent', () => {
  expect(SECURITY_HEADERS).toMatchObject({
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
  })
})
