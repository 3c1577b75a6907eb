import { expect, test } from 'vitest'
import { parseCommandLine } from './command-line.ts'

test('what was not given is left to the engine', () => {
  expect(parseCommandLine([])).toEqual({})
  expect(parseCommandLine(['--profile'])).toEqual({})
})

test('the profile and an absolute data directory are taken, whatever else stands there', () => {
  expect(parseCommandLine(['--no-sandbox', '--profile', 'anvil', '--data-dir=/data/x/../y', 'emerald://a'])).toEqual({
    profile: 'anvil',
    dataDirectory: '/data/y',
  })
})
