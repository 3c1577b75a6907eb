import type { Transaction } from '@emerald/node-core/contract/network-shapes.ts'
import { expect, test } from 'vitest'
import { endpointState } from './endpoint-state.ts'
import { happeningTo } from './happening.ts'
import { headState } from './head-state.ts'

const bid = (isCancel = false): Transaction['bids'][number] => ({
  ...{ hash: '0x', maxFeeWei: '1', tipWei: '1', outcome: 'accepted', madeAtBlock: 1, isCancel },
})

test.each<[string, Parameters<typeof happeningTo>[0], string, number]>([
  ['one bid', { state: 'pending', bids: [bid()], isAtCap: false }, 'waiting', 0],
  ['three bids', { state: 'pending', bids: [bid(), bid(), bid()], isAtCap: false }, 'raised', 2],
  ['the cap', { state: 'pending', bids: [bid(), bid()], isAtCap: true }, 'atCap', 1],
  ['a cancel on top', { state: 'pending', bids: [bid(true), bid()], isAtCap: false }, 'cancelling', 1],
  ['a receipt', { state: 'mined', bids: [bid(true), bid()], isAtCap: true }, 'mined', 1],
  ['a cancel in the chain', { state: 'replaced', bids: [bid(true), bid()], isAtCap: false }, 'replaced', 1],
  ['a revert', { state: 'failed', bids: [bid()], isAtCap: false }, 'failed', 0],
])('a transaction with %s', (_, transaction, name, count) => {
  expect(happeningTo(transaction)).toMatchObject({ name, count })
})

test('what an endpoint’s breaker says comes before what it counts for', () => {
  expect(endpointState({ standing: 'good', breaker: 'open' })).toBe('open')
  expect(endpointState({ standing: 'out', breaker: 'open' })).toBe('out')
  expect(endpointState({ standing: 'disputed', breaker: 'closed' })).toBe('disputed')
})

test('a head is told by what is worst about it', () => {
  const fine = { isReachable: true, isHeadStale: false, lagBlocks: 1 }
  expect(headState(fine).name).toBe('following')
  expect(headState({ ...fine, lagBlocks: 3 }).name).toBe('catchingUp')
  expect(headState({ ...fine, lagBlocks: 3, isHeadStale: true }).name).toBe('stale')
  expect(headState({ ...fine, isReachable: false, isHeadStale: true }).name).toBe('unreachable')
})
