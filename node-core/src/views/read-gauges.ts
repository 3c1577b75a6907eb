/** Reads every gauge from the engine and its store, for one scrape. */

import type { BreakerState } from '../base/circuit-breaker.ts'
import { systemClock } from '../base/clock.ts'
import type { SubscriptionState } from '../chain/head-subscription.ts'
import type { RpcFailure } from '../chain/rpc-failure.ts'
import type { EndpointState } from '../chain/rpc-pool.ts'
import { ALERT_SEVERITIES } from '../contract/alert-codes.ts'
import { PACE_BLOCKS, secondsPerBlock } from '../domain/block-pace.ts'
import type { Engine } from '../engine.ts'
import type { Metrics, SetGauge } from '../telemetry/metrics.ts'

export type GaugedEngine = Pick<
  Engine,
  | 'blocks'
  | 'chainFacts'
  | 'custody'
  | 'follower'
  | 'operators'
  | 'options'
  | 'prover'
  | 'relayStates'
  | 'rpc'
  | 'senders'
  | 'store'
  | 'subscription'
>

/** @param metrics gets the series that an alert rule asks for before their first event. */
export function readGauges(engine: GaugedEngine, metrics: Metrics, set: SetGauge, nowMs = systemClock.now()): void {
  readOperators(engine, metrics, set)
  readChallenges(engine, set)
  readChain(engine, set)
  readEndpoints(engine, metrics, set)
  readTransactions(engine, nowMs, set)
  readPosts(engine, set)
  readAlerts(engine, set)
  readWork(engine, set)
  for (const { host: relay, breaker } of engine.relayStates())
    for (const state of ['closed', 'open', 'halfOpen'] as const)
      set('emerald_relay_breaker_state', { relay, state }, state === breaker ? 1 : 0)
  set('emerald_connected_peers', {}, engine.blocks.peers().length)
}

function readOperators({ store, operators, senders }: GaugedEngine, metrics: Metrics, set: SetGauge): void {
  const own = new Set(operators.list().map(each => each.index))
  const counts = new Map<string, number>()
  for (const { index, exit } of store.operators.identities()) {
    const self = String(own.has(index))
    const state = exit === null ? 'active' : exit.isWithdrawn ? 'left' : 'leaving'
    const count = (counts.get(`${self} ${state}`) ?? 0) + 1
    counts.set(`${self} ${state}`, count)
    set('emerald_operators', { self, state }, count)
  }
  for (const operator of own) {
    for (const self of ['true', 'false']) metrics.count('custody_proofs_rejected_total', { operator, self }, 0)
    metrics.count('emerald_slashing_events_total', { operator, self: 'true' }, 0)
    metrics.count('emerald_missed_challenges_total', { operator }, 0)
  }
  for (const [operator, rejected] of store.challenges.rejections(senders.all().map(sender => sender.address))) {
    set('emerald_rejected_proofs', { operator, self: 'true' }, rejected.own)
    set('emerald_rejected_proofs', { operator, self: 'false' }, rejected.others)
  }
}

function readChallenges({ store, operators, follower }: GaugedEngine, set: SetGauge): void {
  const latest = store.challenges.latestEpoch()
  const blocksLeft = latest === undefined ? 0 : latest.closesAtBlock - (follower.head()?.number ?? 0)
  const openEpoch = blocksLeft > 0 ? latest?.epoch : undefined
  const pace = secondsPerBlock(store.blocks.tail(PACE_BLOCKS))
  for (const { index: operator } of operators.list()) {
    const counts = store.challenges.countsOf(operator, openEpoch)
    for (const [state, count] of Object.entries(counts)) set('emerald_challenges', { operator, state }, count)
    if (counts.open === 0) continue
    set('emerald_deadline_blocks', { operator }, blocksLeft)
    if (pace !== undefined) set('emerald_deadline_seconds', { operator }, blocksLeft * pace)
  }
}

function readChain({ follower, chainFacts }: GaugedEngine, set: SetGauge): void {
  const { head, lagBlocks } = follower.state()
  if (head !== undefined) set('emerald_head_block', {}, head.number)
  if (lagBlocks !== undefined) set('emerald_chain_lag_blocks', {}, lagBlocks)
  set('emerald_head_age_seconds', {}, follower.headAgeMs() / 1_000)
  for (const [address, wei] of chainFacts.balances()) set('emerald_key_balance_wei', { address }, Number(wei))
}

const BREAKER_STATES = ['closed', 'open', 'halfOpen'] as const satisfies readonly BreakerState['kind'][]
const STANDINGS = [
  'good',
  'behind',
  'disputed',
  'silent',
  'out',
] as const satisfies readonly EndpointState['standing'][]

const SUBSCRIPTION_STATES = ['live', 'silent', 'closed'] as const satisfies readonly SubscriptionState['kind'][]
const FAILURES: Readonly<Record<RpcFailure, true>> = {
  connection: true,
  timeout: true,
  busy: true,
  http: true,
  wrongChain: true,
  unusable: true,
}

function readEndpoints({ rpc, subscription }: GaugedEngine, metrics: Metrics, set: SetGauge): void {
  for (const { host: endpoint, breaker, standing } of rpc.state()) {
    for (const reason of Object.keys(FAILURES)) metrics.count('emerald_rpc_failures_total', { endpoint, reason }, 0)
    for (const state of BREAKER_STATES)
      set('emerald_rpc_breaker_state', { endpoint, state }, Number(breaker.kind === state))
    for (const state of STANDINGS) set('emerald_rpc_standing_state', { endpoint, state }, Number(standing === state))
  }
  for (const { host: endpoint, kind } of subscription.state())
    for (const state of SUBSCRIPTION_STATES)
      set('emerald_head_subscription_state', { endpoint, state }, Number(kind === state))
}

function readTransactions({ store, options }: GaugedEngine, nowMs: number, set: SetGauge): void {
  const { count, atCap, oldestMs } = store.transactions.pendingTotals(options.deployment.chainId)
  set('emerald_pending_transactions', {}, count)
  set('emerald_capped_transactions', {}, atCap)
  if (oldestMs !== null) set('emerald_oldest_pending_transaction_seconds', {}, Math.max(0, nowMs - oldestMs) / 1_000)
  set('emerald_spent_gas_wei', {}, Number(store.transactions.gasSpentWei()))
}

function readPosts({ store }: GaugedEngine, set: SetGauge): void {
  const { total, attested, held } = store.posts.counts()
  set('emerald_posts', { state: 'attested' }, attested)
  set('emerald_posts', { state: 'unattested' }, total - attested)
  set('emerald_held_posts', {}, held)
}

function readAlerts({ store }: GaugedEngine, set: SetGauge): void {
  const counts = store.alerts.openCounts()
  for (const severity of ALERT_SEVERITIES) set('emerald_open_alerts', { severity }, counts[severity] ?? 0)
}

function readWork({ prover, custody }: GaugedEngine, set: SetGauge): void {
  const { queuedChallenges, queuedIngests, busyWorkers } = prover.stats
  set('emerald_queued_prover_tasks', { lane: 'challenge' }, queuedChallenges)
  set('emerald_queued_prover_tasks', { lane: 'ingest' }, queuedIngests)
  set('emerald_busy_prover_workers', {}, busyWorkers)
  for (const [runner, count] of Object.entries(custody.runningDuties()))
    set('emerald_running_duties', { runner }, count)
}
