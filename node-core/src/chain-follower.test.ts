import { concatHex, type Hex, numberToHex, pad, toEventSelector } from 'viem'
import { expect, onTestFinished, test } from 'vitest'
import { type Alerts, createAlerts } from './alerts/alerts.ts'
import { createEventLog, type EventLog } from './api/event-log.ts'
import { systemClock } from './base/clock.ts'
import type { ChainSource, RawLog } from './chain/chain-source.ts'
import { createFakeChain, type FakeChain } from './chain/fake-chain.fixture.ts'
import type { TransactionSender } from './chain/send-transaction.ts'
import { createChainFollower } from './chain-follower.ts'
import type { NodeEvent } from './contract/shapes.ts'
import { addressOf, hashOf } from './domain/events.fixture.ts'
import { openStore, type Store } from './store/store.ts'
import { nullLog } from './telemetry/log.ts'
import { createMetrics, nullMetrics } from './telemetry/metrics.ts'
import { parseExposition } from './telemetry/parse-exposition.fixture.ts'

const alertsOf = (store: Store, events: EventLog): Alerts =>
  createAlerts({ table: store.alerts, clock: systemClock, log: nullLog, publish: events.publish })

/** A chain that says the same in each of its logs. */
function saying(chain: ChainSource, topics: readonly Hex[], data: Hex): ChainSource {
  const said = (log: RawLog): RawLog => ({ ...log, topics, data })
  return {
    ...chain,
    logsOfBlock: async hash => (await chain.logsOfBlock(hash))?.map(said),
    logsBetween: async (from, to) => (await chain.logsBetween(from, to)).map(said),
  }
}

test('keys that answer come before the duties, others after; one that fails keeps nobody from them', async () => {
  const store = openStore(':memory:')
  onTestFinished(() => store[Symbol.dispose]())
  const chain = createFakeChain()
  chain.extend(1)
  const events = createEventLog({ capacity: 16 })
  const heard: string[] = []
  let isFailing = true
  const sender = (name: string, address: number) =>
    ({
      address: addressOf(address),
      async onHead() {
        heard.push(name)
        if (name === 'operator' && isFailing) throw new Error('the pool is full')
      },
    }) as unknown as TransactionSender // nothing is sent
  await using follower = createChainFollower(
    { chainId: 31_337, startBlock: 1, pollMs: 1 },
    {
      ...{ store, source: chain, clock: systemClock, log: nullLog, metrics: nullMetrics, events },
      isOwnOperator: () => false,
      alerts: alertsOf(store, events),
      senders: { all: () => [sender('relay', 1), sender('operator', 2)] },
      isFirst: address => address === addressOf(2),
      onHead: () => void heard.push('duties'),
      onGovernance: () => undefined,
    },
  )
  await follower.start()
  expect(heard.slice(0, 3)).toEqual(['operator', 'duties', 'relay'])
  isFailing = false
  await expect.poll(() => heard.slice(3, 6)).toEqual(['operator', 'duties', 'relay']) // the failed look comes again
})

test('while what governance changed is being read, duties hear of every head', async () => {
  const store = openStore(':memory:')
  onTestFinished(() => store[Symbol.dispose]())
  const chain = createFakeChain()
  chain.extend(1)
  // Governance puts another quorum in the place of the first.
  const source = saying(chain, [toEventSelector('QuorumChanged(address)')], pad(addressOf(9)))
  const heard: number[] = []
  const events = createEventLog({ capacity: 16 })
  let asked = 0
  await using follower = createChainFollower(
    { chainId: 31_337, startBlock: 1, pollMs: 1 },
    {
      ...{ store, source, clock: systemClock, log: nullLog, metrics: nullMetrics },
      isOwnOperator: () => false,
      senders: { all: () => [] },
      events,
      alerts: alertsOf(store, events),
      onHead: head => void heard.push(head.number),
      onGovernance() {
        asked += 1
        return new Promise(() => undefined)
      },
    },
  )
  void follower.start()
  await expect.poll(() => heard).toEqual([1])
  chain.extend(0)
  await expect.poll(() => heard).toEqual([1, 2])
  expect(asked).toBe(1)
})

test.each([
  ['deeper than kept, on the same chain', (chain: FakeChain) => chain.drop(300), 1, 0],
  ['that leaves nothing, on another chain', (chain: FakeChain) => chain.drop(1_000), 0, 1],
])('after a reorg %s, what was signed stays or goes with its chain', async (_, drop, signedLeft, told) => {
  const store = openStore(':memory:')
  onTestFinished(() => store[Symbol.dispose]())
  const source = createFakeChain()
  for (let block = 0; block < 320; block += 1) source.extend(0)
  const postId = hashOf(0xa0)
  const signed = {
    postId,
    root: hashOf(1),
    operator: 2,
    stakeEpoch: 4,
    deadlineSeconds: 9,
    signature: hashOf(5),
    signer: addressOf(2),
  }
  const events = createEventLog({ capacity: 16 })
  let replaced = 0
  await using follower = createChainFollower(
    { chainId: 31_337, startBlock: 3, pollMs: 1 },
    {
      ...{ store, source, clock: systemClock, log: nullLog, metrics: nullMetrics, events },
      alerts: alertsOf(store, events),
      isOwnOperator: () => false,
      senders: { all: () => [] },
      onHead: () => undefined,
      onGovernance: () => undefined,
      onChainReplaced() {
        replaced += 1
      },
    },
  )
  await follower.start()
  store.signedAttestations.insert(signed)
  drop(source)
  while (source.branch.length < 340) source.extend(0)
  await expect.poll(() => follower.head()?.hash, { timeout: 5_000 }).toBe(source.branch.at(-1)?.hash)
  expect(store.signedAttestations.ofPost(postId)).toHaveLength(signedLeft)
  expect(replaced).toBe(told)
})

test.each([
  ['an own key', addressOf(2), ['PROOF_REJECTED'], 'true'],
  ['somebody else', addressOf(3), [], 'false'],
])(
  'a rejected proof is counted, and an alert tells of it only if this node sent it: %s',
  async (_, submitter, codes, self) => {
    const store = openStore(':memory:')
    onTestFinished(() => store[Symbol.dispose]())
    const chain = createFakeChain()
    chain.extend(1)
    const topics = [
      toEventSelector('ProofRejected(bytes32,uint32,uint16,address,uint8)'),
      ...[hashOf(0xa0), numberToHex(7, { size: 32 }), numberToHex(1, { size: 32 })],
    ]
    const events = createEventLog({ capacity: 16 })
    const metrics = createMetrics()
    const heard = Promise.withResolvers<void>()
    const sender = { address: addressOf(2), onHead: async () => undefined } as unknown as TransactionSender // nothing is sent
    await using follower = createChainFollower(
      { chainId: 31_337, startBlock: 1, pollMs: 1 },
      {
        ...{ store, clock: systemClock, log: nullLog, events, metrics },
        alerts: alertsOf(store, events),
        isOwnOperator: () => false,
        source: saying(chain, topics, concatHex([pad(submitter), numberToHex(1, { size: 32 })])),
        senders: { all: () => [sender] },
        onHead: () => heard.resolve(),
        onGovernance: () => undefined,
      },
    )
    await follower.start()
    await heard.promise
    const stop = AbortSignal.timeout(5_000)
    const told: NodeEvent[] = []
    for await (const event of events.subscribe({ afterSeq: 0, signal: stop })) {
      told.push(event)
      if (event.topic === 'head') break
    }
    expect(told.filter(event => event.topic === 'alert').map(event => event.data.code)).toEqual(codes)
    expect(store.alerts.page('open', null, 9).map(each => each.alert.code)).toEqual(codes)
    expect(told.filter(event => event.topic === 'operator').map(event => event.id)).toEqual(['1'])
    const families = parseExposition(await metrics.text(() => undefined))
    expect(families.get('custody_proofs_rejected_total')?.samples).toEqual([
      { name: 'custody_proofs_rejected_total', labels: { operator: '1', self }, value: 1 },
    ])
    expect(families.get('emerald_chain_events_total')?.samples).toMatchObject([{ labels: { kind: 'proofRejected' } }])
  },
)

test('reorgs are remembered with their depth and time, and the head is as old as the last change of it', async () => {
  const store = openStore(':memory:')
  onTestFinished(() => store[Symbol.dispose]())
  const chain = createFakeChain()
  for (let at = 0; at < 5; at += 1) chain.extend(0)
  const events = createEventLog({ capacity: 16 })
  const clock = { ...systemClock, now: () => nowMs, elapsedMs: () => nowMs }
  let nowMs = 1_000
  await using follower = createChainFollower(
    { chainId: 31_337, startBlock: 1, pollMs: 1 },
    {
      ...{ store, source: chain, clock, log: nullLog, metrics: nullMetrics, events },
      alerts: alertsOf(store, events),
      isOwnOperator: () => false,
      senders: { all: () => [] },
      onHead: () => undefined,
      onGovernance: () => undefined,
    },
  )
  nowMs = 2_000
  expect(follower.headAgeMs()).toBe(1_000)
  await follower.start()
  expect(follower.headAgeMs()).toBe(0)
  nowMs = 9_000
  await systemClock.sleep(5) // some looks at the same head
  expect(follower.headAgeMs()).toBe(7_000)
  chain.drop(2)
  for (let at = 0; at < 3; at += 1) chain.extend(1)
  await expect.poll(() => follower.head()?.number).toBe(chain.branch.at(-1)?.number)
  expect(follower.reorgs()).toEqual([{ depth: 2, ancestor: 3, atMs: 9_000 }])
  await expect.poll(() => follower.headAgeMs()).toBe(0)
})
