/** The chain of the made-up network: two endpoints of which one is in trouble, a reorg, and a transaction in every state. */

import type { NetworkState, Transaction } from '@emerald/node-core/contract/network-shapes.ts'
import { address, hash } from './made-up.ts'
import type { World } from './stand-in-world.ts'

const GWEI = 1_000_000_000

export function networkStateOf(world: World): NetworkState {
  const seenAt = new Date(world.headAt).toISOString()
  const ago = (seconds: number) => new Date(world.headAt - seconds * 1_000).toISOString()
  const blockAt = (number: number) => ({ number, hash: hash(`block ${number}`), at: seenAt })
  return {
    chainId: 31_337,
    isReachable: true,
    head: { ...blockAt(world.head), seenAt },
    isHeadStale: false,
    lagBlocks: 0,
    finalised: blockAt(Math.max(0, world.head - 64)),
    quorum: 'unwitnessed',
    endpoints: [
      {
        ...{ host: '127.0.0.1:8545', standing: 'good', breaker: 'closed', retryAt: null, head: world.head },
        ...{ latencyMs: 4.2, failedRequests: 0, lastFailure: null },
      },
      {
        ...{ host: 'rpc.example', standing: 'silent', breaker: 'open', retryAt: ago(-4), head: null },
        ...{ latencyMs: 212, failedRequests: 7, lastFailure: { reason: 'timeout', at: ago(3) } },
      },
    ],
    subscriptions: [{ host: '127.0.0.1:8545', state: 'live', lastHeadAt: seenAt }],
    reorgs: { total: 1, latest: [{ depth: 3, ancestor: Math.max(0, world.head - 20), at: ago(95) }] },
    contracts: (
      ['postRegistry', 'attestationRelay', 'quorum', 'seedBeacon', 'custodyChallenges', 'operatorStake'] as const
    ).map(name => ({ name, address: address(name) })),
    keys: [
      { address: address('signer 0'), role: 'operator', operator: 0, balanceWei: '9987654321000000000' },
      { address: address('publisher'), role: 'publisher', operator: null, balanceWei: null },
    ],
  }
}

/** Newest first; none before the first post. */
export function transactionsOf(world: World): Transaction[] {
  if (world.posts.length === 0) return []
  const rows: Partial<Transaction>[] = [
    { purpose: 'prove', state: 'pending', deadlineBlock: world.head + 9 },
    {
      purpose: 'batch',
      state: 'pending',
      bids: [bidOf(6, 3), bidOf(6, 2), bidOf(6, 1)],
      deadlineBlock: world.head + 4,
    },
    { purpose: 'settle', state: 'pending', bids: [bidOf(5, 2), bidOf(5, 1)], isAtCap: true },
    { purpose: 'report', state: 'failed', mined: minedAt(world.head - 12) },
    { purpose: 'finalise', state: 'replaced', mined: minedAt(world.head - 14), bids: [bidOf(3, 2), bidOf(3, 1)] },
    { purpose: 'attest', state: 'mined', role: 'relay', operator: null, mined: minedAt(world.head - 31) },
    { purpose: 'register', state: 'mined', role: 'publisher', operator: null, mined: minedAt(world.head - 34) },
  ]
  return rows.map((row, at) => {
    const id = rows.length - at
    return {
      ...{ id, key: `${row.purpose}:${hash(String(id))}`, purpose: 'other', sender: address('signer 0') },
      ...{
        role: 'operator',
        operator: 0,
        nonce: id + 40,
        state: 'mined',
        hash: hash(`tx ${id}`),
        bids: [bidOf(id, 1)],
      },
      ...{ isAtCap: false, deadlineBlock: null, createdAt: new Date(world.headAt - at * 9_000).toISOString() },
      mined: null,
      ...row,
    }
  })
}

const bidOf = (id: number, number: number): Transaction['bids'][number] => ({
  ...{ hash: hash(`bid ${id} ${number}`), maxFeeWei: String(number * 3 * GWEI), tipWei: String(number * GWEI) },
  ...{ isCancel: false, outcome: 'accepted', madeAtBlock: 100 + number },
})

const minedAt = (blockNumber: number): Transaction['mined'] => ({
  ...{ blockNumber: Math.max(0, blockNumber), gasUsed: 241_318, gasPriceWei: String(2 * GWEI) },
  costWei: String(241_318 * 2 * GWEI),
})
