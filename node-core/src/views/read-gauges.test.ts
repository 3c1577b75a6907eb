import { afterEach, beforeEach, expect, test } from 'vitest'
import { applyEvent } from '../chain/apply-events.ts'
import { createOwnOperators } from '../custody/own-operators.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { addressOf, blockAt, eventOf, hashOf } from '../domain/events.fixture.ts'
import type { Signer } from '../keys/signer.ts'
import { openStore, type Store } from '../store/store.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { parseExposition } from '../telemetry/parse-exposition.fixture.ts'
import { type GaugedEngine, readGauges } from './read-gauges.ts'

let store: Store
let engine: GaugedEngine
beforeEach(() => {
  store = openStore(':memory:')
  const key = { address: addressOf(2) } as Signer // signs nothing here
  const parts = {
    store,
    operators: createOwnOperators([key], store.operators),
    senders: { all: () => [{ address: addressOf(2) }] },
    options: { deployment: { chainId: 31_337 } },
    follower: {
      head: () => store.blocks.head(),
      headAgeMs: () => 2_500,
      state: () => ({ head: store.blocks.head(), lagBlocks: 4 }),
    },
    rpc: {
      state: () => [
        { host: 'a.example', standing: 'good', breaker: { kind: 'closed' } },
        { host: 'b.example', standing: 'disputed', breaker: { kind: 'open' } },
      ],
    },
    subscription: { state: () => [{ host: 'c.example', kind: 'silent' }] },
    chainFacts: { balances: () => new Map([[addressOf(2), 10n ** 18n]]) },
    prover: { stats: { queuedChallenges: 5, queuedIngests: 6, busyWorkers: 1 } },
    custody: { runningDuties: () => ({ single: 1, batch: 2, content: 3 }) },
    relayStates: () => [
      { host: 'a.example', breaker: 'closed', underWay: 0 },
      { host: 'b.example', breaker: 'open', underWay: 2 },
    ],
    blocks: { peers: () => ['a', 'b'] },
  }
  engine = parts as unknown as GaugedEngine // nothing else of these parts is read
})
afterEach(() => store[Symbol.dispose]())

function put(number: number, events: readonly ChainEvent[] = []): void {
  store.blocks.insert(blockAt(number), true)
  for (const [logIndex, event] of events.entries())
    applyEvent(store, { ...event, logIndex }, blockAt(number), digest => digest)
}

/** The values of one metric, each with its labels as the text has them. */
async function valuesOf(name: string): Promise<Record<string, number>> {
  const metrics = createMetrics()
  const text = await metrics.text(set => readGauges(engine, metrics, set, 61_000))
  const samples = parseExposition(text).get(name)?.samples ?? []
  return Object.fromEntries(samples.map(({ labels, value }) => [Object.values(labels).join(' '), value]))
}

const joined = [eventOf('operatorJoined'), eventOf('operatorJoined', { operator: 1, signer: addressOf(9) })]
const post = (number: number) => [
  eventOf('postRegistered', { postId: hashOf(number) }),
  eventOf('postAttested', { postId: hashOf(number), attesters: 0b11n, endEpoch: 100 }),
]

test('own challenges are told by state, and blocks until their deadline while some are open', async () => {
  put(1, [...joined, ...post(1), ...post(2), ...post(3), ...post(4)])
  put(26, [eventOf('seedFinalised', { epoch: 1, closesAtBlock: 41 })])
  put(27, [eventOf('proofAccepted', { postId: hashOf(1) })])
  expect(await valuesOf('emerald_challenges')).toEqual({ '0 open': 3, '0 proven': 1, '0 missed': 0, '0 overdue': 0 })
  expect(await valuesOf('emerald_deadline_blocks')).toEqual({ '0': 14 })
  put(41, [eventOf('challengeMissed', { postId: hashOf(2) })])
  expect(await valuesOf('emerald_challenges')).toEqual({ '0 open': 0, '0 proven': 1, '0 missed': 1, '0 overdue': 2 })
  expect(await valuesOf('emerald_deadline_blocks')).toEqual({})
})

test('seconds until the deadline follow the pace of the latest blocks', async () => {
  put(1, [...joined, ...post(1)])
  put(26, [eventOf('seedFinalised', { epoch: 1, closesAtBlock: 41 })])
  expect(await valuesOf('emerald_deadline_seconds')).toEqual({}) // one block has no pace
  store.blocks.insert({ ...blockAt(27), timestamp: blockAt(26).timestamp + 12 }, false)
  expect(await valuesOf('emerald_deadline_seconds')).toEqual({ '0': 14 * 12 })
  put(28, [eventOf('proofAccepted', { postId: hashOf(1) })])
  expect(await valuesOf('emerald_deadline_seconds')).toEqual({})
})

test('open alerts are told by severity', async () => {
  const alert = { code: 'STORAGE_CORRUPT', severity: 'warning', data: {} } as const
  store.alerts.raise({ ...alert, subject: 'a' }, 1)
  store.alerts.raise({ ...alert, subject: 'b' }, 1)
  store.alerts.resolve('STORAGE_CORRUPT', 'b', 2)
  expect(await valuesOf('emerald_open_alerts')).toEqual({ notice: 0, warning: 1, critical: 0 })
})

test('what the chain took back is not in the gauges any more', async () => {
  put(1, joined)
  put(2, [eventOf('proofRejected'), eventOf('proofRejected', { submitter: addressOf(7), operator: 1 })])
  expect(await valuesOf('emerald_rejected_proofs')).toEqual({ '0 true': 1, '0 false': 0, '1 true': 0, '1 false': 1 })
  store.blocks.remove(blockAt(2).hash)
  expect(await valuesOf('emerald_rejected_proofs')).toEqual({})
})

test('the counters that rules ask for are there for own operators from the start', async () => {
  put(1, joined)
  expect(await valuesOf('custody_proofs_rejected_total')).toEqual({ '0 true': 0, '0 false': 0 })
  expect(await valuesOf('emerald_slashing_events_total')).toEqual({ '0 true': 0 })
  expect(await valuesOf('emerald_missed_challenges_total')).toEqual({ '0': 0 })
})

test('posts, operators, chain, queues and peers are told', async () => {
  put(1, [...joined, eventOf('operatorLeaving', { operator: 1 }), ...post(1), eventOf('postRegistered')])
  expect(await valuesOf('emerald_posts')).toEqual({ attested: 1, unattested: 1 })
  expect(await valuesOf('emerald_operators')).toEqual({ 'true active': 1, 'false leaving': 1 })
  expect(await valuesOf('emerald_head_block')).toEqual({ '': 1 })
  expect(await valuesOf('emerald_chain_lag_blocks')).toEqual({ '': 4 })
  expect(await valuesOf('emerald_head_age_seconds')).toEqual({ '': 2.5 })
  expect(await valuesOf('emerald_key_balance_wei')).toEqual({ [addressOf(2)]: 1e18 })
  expect(await valuesOf('emerald_queued_prover_tasks')).toEqual({ challenge: 5, ingest: 6 })
  expect(await valuesOf('emerald_running_duties')).toEqual({ single: 1, batch: 2, content: 3 })
  expect(await valuesOf('emerald_connected_peers')).toEqual({ '': 2 })
  expect(await valuesOf('emerald_relay_breaker_state')).toEqual({
    ...{ 'a.example closed': 1, 'a.example open': 0, 'a.example halfOpen': 0 },
    ...{ 'b.example closed': 0, 'b.example open': 1, 'b.example halfOpen': 0 },
  })
})

test('own transactions are told while they wait, and what they have cost once they are in a block', async () => {
  put(1)
  const tx = {
    chainId: 31_337,
    sender: addressOf(2),
    recipient: addressOf(8),
    data: '0x',
    valueWei: 0n,
    raw: '0x',
  } as const
  store.transactions.insert({ ...tx, key: 'a', nonce: 0, hash: hashOf(0x71), madeAtBlock: 1, createdAtMs: 1_000 })
  store.transactions.insert({ ...tx, key: 'b', nonce: 1, hash: hashOf(0x72), madeAtBlock: 1, createdAtMs: 2_000 })
  expect(await valuesOf('emerald_pending_transactions')).toEqual({ '': 2 })
  expect(await valuesOf('emerald_oldest_pending_transaction_seconds')).toEqual({ '': 60 })
  expect(await valuesOf('emerald_capped_transactions')).toEqual({ '': 0 })
  store.transactions.reachCap(2)
  expect(await valuesOf('emerald_capped_transactions')).toEqual({ '': 1 })
  const block = blockAt(1)
  const receipt = {
    isSuccess: true,
    gasUsed: 100_001,
    gasPriceWei: 30_000_000_007n,
    blockNumber: 1,
    blockHash: block.hash,
  }
  store.transactions.insertReceipt(hashOf(0x71), receipt)
  expect(await valuesOf('emerald_pending_transactions')).toEqual({ '': 1 })
  expect(await valuesOf('emerald_spent_gas_wei')).toEqual({ '': 100_001 * 30_000_000_007 })
})

test('each endpoint is told by its host with one state of each kind, and its failures are known before the first', async () => {
  put(1)
  const ones = async (name: string) =>
    Object.entries(await valuesOf(name))
      .filter(([, value]) => value === 1)
      .map(([labels]) => labels)
  expect(await ones('emerald_rpc_breaker_state')).toEqual(['a.example closed', 'b.example open'])
  expect(await ones('emerald_rpc_standing_state')).toEqual(['a.example good', 'b.example disputed'])
  expect(await ones('emerald_head_subscription_state')).toEqual(['c.example silent'])
  expect(Object.keys(await valuesOf('emerald_rpc_failures_total'))).toHaveLength(2 * 6)
  expect((await valuesOf('emerald_rpc_failures_total'))['a.example timeout']).toBe(0)
})
