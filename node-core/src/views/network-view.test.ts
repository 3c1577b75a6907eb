import { expect, test } from 'vitest'
import { judgeQuorum } from '../chain/judge-quorum.ts'
import type { EndpointState } from '../chain/rpc-pool.ts'
import { networkState } from '../contract/network-shapes.ts'
import { addressOf, blockAt } from '../domain/events.fixture.ts'
import { networkView } from './network-view.ts'
import type { NodeView } from './node-view.ts'

const HEALTHY: EndpointState = {
  host: 'a.example',
  standing: 'good',
  breaker: { kind: 'closed', round: 0, failures: 0 },
  latencyMs: 12.5,
  failures: { total: 0, inARow: 0, last: undefined },
  head: 40,
}
const DOWN: EndpointState = {
  ...{ host: 'b.example', standing: 'silent', latencyMs: undefined, head: undefined },
  breaker: { kind: 'open', round: 3, openings: 2, untilMs: 9_000 },
  failures: { total: 6, inARow: 6, last: { failure: 'timeout', atMs: 8_000 } },
}

function view(endpoints: readonly EndpointState[], headAgeMs = 500): NodeView {
  const names = ['postRegistry', 'attestationRelay', 'quorum', 'seedBeacon', 'custodyChallenges', 'operatorStake']
  const contracts = Object.fromEntries([...names, 'accessManager', 'timelock'].map((name, at) => [name, addressOf(at)]))
  const engine = {
    follower: {
      state: () => ({ head: blockAt(40), lagBlocks: 2, isReachable: true }),
      headAgeMs: () => headAgeMs,
      headSeenAtMs: () => 7_000,
      reorgCount: () => 3,
      reorgs: () => [{ depth: 2, ancestor: 38, atMs: 6_000 }],
    },
    rpc: { state: () => endpoints, quorum: () => judgeQuorum(endpoints) },
    subscription: { state: () => [{ host: 'c.example', kind: 'live', lastHeadAtMs: 5_000 }] },
    chainFacts: { finalised: () => blockAt(8), balances: () => new Map([[addressOf(1), 10n ** 18n]]) },
    options: { blockMs: 1_000, deployment: { chainId: 31_337, ...contracts }, operatorKeys: [] },
    operators: { list: () => [{ index: 2, signer: addressOf(1) }] },
    senders: { all: () => [{ address: addressOf(1) }, { address: addressOf(9) }] },
  }
  return { engine } as unknown as NodeView // the view reads nothing else of an engine
}

test('the chain, its endpoints, its reorgs and the keys are told in the shape of the contract', () => {
  const shown = networkState.parse(networkView(view([HEALTHY, DOWN])))
  expect(shown).toMatchObject({
    ...{ chainId: 31_337, isReachable: true, isHeadStale: false, lagBlocks: 2, quorum: 'unwitnessed' },
    head: { number: 40, seenAt: '1970-01-01T00:00:07.000Z' },
    finalised: { number: 8 },
    reorgs: { total: 3, latest: [{ depth: 2, ancestor: 38, at: '1970-01-01T00:00:06.000Z' }] },
    keys: [
      { address: addressOf(1), role: 'operator', operator: 2, balanceWei: '1000000000000000000' },
      { address: addressOf(9), role: 'publisher', operator: null, balanceWei: null },
    ],
  })
  expect(shown.subscriptions).toEqual([{ host: 'c.example', state: 'live', lastHeadAt: '1970-01-01T00:00:05.000Z' }])
  expect(shown.contracts).toHaveLength(8)
  expect(shown.endpoints).toEqual([
    {
      ...{ host: 'a.example', standing: 'good', breaker: 'closed', retryAt: null, head: 40, latencyMs: 12.5 },
      ...{ failedRequests: 0, lastFailure: null },
    },
    {
      ...{ host: 'b.example', standing: 'silent', breaker: 'open', retryAt: '1970-01-01T00:00:09.000Z' },
      ...{ head: null, latencyMs: null, failedRequests: 6 },
      lastFailure: { reason: 'timeout', at: '1970-01-01T00:00:08.000Z' },
    },
  ])
})

test('one endpoint alone has the head that the chain has, and an old head is said to be stale', () => {
  const shown = networkView(view([{ ...HEALTHY, standing: 'silent', head: undefined }], 20_001))
  expect(shown.endpoints.map(each => each.head)).toEqual([42])
  expect(shown).toMatchObject({ quorum: 'alone', isHeadStale: true })
})
