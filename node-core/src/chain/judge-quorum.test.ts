import { expect, test } from 'vitest'
import { judgeQuorum } from './judge-quorum.ts'
import { nameEndpoints } from './name-endpoints.ts'
import type { EndpointState } from './rpc-pool.ts'

test.each<[EndpointState['standing'][], string]>([
  [['silent'], 'alone'],
  [['out'], 'none'],
  [['good', 'good', 'silent'], 'agreed'],
  [['good', 'behind'], 'unwitnessed'],
  [['good', 'good', 'disputed'], 'disputed'],
  [['disputed', 'disputed'], 'none'],
  [['silent', 'out'], 'none'],
])('endpoints that are %j together are %s', (standings, expected) => {
  expect(judgeQuorum(standings.map(standing => ({ standing })))).toBe(expected)
})

test('endpoints are named by their hosts, without anything that may be secret, and each by its own name', () => {
  const urls = ['https://user:pass@rpc.example/v3/key?k=1', 'http://127.0.0.1:8545', 'https://rpc.example/other']
  expect(nameEndpoints(urls)).toEqual(['rpc.example', '127.0.0.1:8545', 'rpc.example #2'])
})
