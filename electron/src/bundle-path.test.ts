import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TRAVERSALS } from '../test/traversals.ts'
import { bundlePath } from './bundle-path.ts'

test.each([
  ['app://bundle/', ['index.html'], false],
  ['app://bundle/?a=1#b', ['index.html'], false],
  ['app://bundle/assets/app-1a2b.js', ['assets', 'app-1a2b.js'], false],
  ['app://bundle/posts/0x01', ['posts', '0x01'], true],
  ['app://bundle/partners/did%3Aweb%3Aexample.com', ['partners', 'did:web:example.com'], true],
])('%s is %j', (address, segments, fallsBack) => {
  expect(bundlePath(address)).toEqual({ segments, fallsBack })
})

test.each(TRAVERSALS)('%s is no file of the bundle', address => {
  expect(bundlePath(address)).toBeNull()
})

test('no address leads out of the folder', () => {
  const piece = fc.constantFrom('..', '.', '/', '\\', '%2e', '%2f', '%5c', '%25', 'a', 'C:', '%00', '?', '#')
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string())), pieces => {
      const path = bundlePath(`app://bundle/${pieces.join('')}`)
      if (path !== null) expect(join('/bundle', ...path.segments)).toMatch(/^\/bundle\/./)
    }),
  )
})
