/** Every metric of the node's own: name, type, labels and meaning; docs/metrics.md is made from this table. */

type MetricEntry = {
  /** A gauge is read from the node at each scrape; the others are fed as things happen, and start at 0 with the process. */
  readonly type: 'gauge' | 'counter' | 'histogram'
  readonly labels: readonly string[]
  readonly help: string
  /** Upper bounds, for a histogram. */
  readonly buckets?: readonly number[]
}

/** From a warm read to the whole of a window, in seconds. */
const STEP_BUCKETS = [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60]
const REQUEST_BUCKETS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
/** The node undoes up to 256 blocks. */
const DEPTH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256]

/** Prometheus' rules: base units, the unit at the end of the name, `_total` for counters. */
export const METRICS = {
  custody_proofs_rejected_total: {
    type: 'counter',
    labels: ['operator', 'self'],
    help: 'Proofs that the chain found false. self="true": sent by a key of this node; others can send what they like.',
  },
  emerald_rejected_proofs: {
    type: 'gauge',
    labels: ['operator', 'self'],
    help: 'Proofs found false in the chain as it stands: goes down when a reorg takes one back.',
  },
  emerald_challenges: {
    type: 'gauge',
    labels: ['operator', 'state'],
    help: 'Challenges of own operators: open, proven, missed (reported), or overdue (neither proven nor reported in time).',
  },
  emerald_deadline_blocks: {
    type: 'gauge',
    labels: ['operator'],
    help: 'Blocks until the deadline of the open challenges of an own operator; no value without one.',
  },
  emerald_deadline_seconds: {
    type: 'gauge',
    labels: ['operator'],
    help: 'About how many seconds those blocks take, at the pace of the latest blocks; no value without an open challenge.',
  },
  emerald_missed_challenges_total: {
    type: 'counter',
    labels: ['operator'],
    help: 'Own challenges whose deadline this process saw pass without an accepted proof.',
  },
  emerald_open_alerts: {
    type: 'gauge',
    labels: ['severity'],
    help: 'Alerts that are not resolved: notice, warning or critical.',
  },
  emerald_proof_step_seconds: {
    type: 'histogram',
    labels: ['step'],
    help: 'Time of each step of an own proof: derive, read, fold, open, send, confirm.',
    buckets: STEP_BUCKETS,
  },
  emerald_openings_total: {
    type: 'counter',
    labels: ['way', 'source'],
    help: 'Openings for own challenges, alone or for a batch: made, or kept from before and used again.',
  },
  emerald_posts: {
    type: 'gauge',
    labels: ['state'],
    help: 'Posts on chain: attested, or not.',
  },
  emerald_held_posts: { type: 'gauge', labels: [], help: 'Posts whose content this node holds.' },
  emerald_operators: {
    type: 'gauge',
    labels: ['self', 'state'],
    help: 'Operators on chain: active, leaving, or left (withdrawn).',
  },
  emerald_slashing_events_total: {
    type: 'counter',
    labels: ['operator', 'self'],
    help: 'Slashes that the chain told of.',
  },
  emerald_chain_events_total: {
    type: 'counter',
    labels: ['kind'],
    help: 'Events of the contracts, once the head that they led to stands; of a long catch-up only the latest.',
  },
  emerald_head_block: { type: 'gauge', labels: [], help: 'Number of the newest block held.' },
  emerald_chain_lag_blocks: {
    type: 'gauge',
    labels: [],
    help: 'Blocks between the newest one held and the newest one of the chain; no value before the chain was reached.',
  },
  emerald_reorg_depth_blocks: {
    type: 'histogram',
    labels: [],
    help: 'Blocks that each reorg took back.',
    buckets: DEPTH_BUCKETS,
  },
  emerald_rpc_request_seconds: {
    type: 'histogram',
    labels: ['method', 'outcome'],
    help: 'Requests of the chain follower and the senders: answered with a result or an error, or failed without an answer.',
    buckets: REQUEST_BUCKETS,
  },
  emerald_rpc_failures_total: {
    type: 'counter',
    labels: ['endpoint', 'reason'],
    help: 'Requests that an endpoint failed: connection, timeout, busy (it limits our rate), http, wrongChain, or unusable.',
  },
  emerald_rpc_breaker_state: {
    type: 'gauge',
    labels: ['endpoint', 'state'],
    help: "1 for the state of an endpoint's breaker (closed, open: left alone for a while, halfOpen: tried once), 0 for the others.",
  },
  emerald_rpc_standing_state: {
    type: 'gauge',
    labels: ['endpoint', 'state'],
    help: '1 for what an endpoint counts for (good, behind, disputed, silent, out: of another chain), 0 for the others; one alone is good while it answers.',
  },
  emerald_head_subscription_state: {
    type: 'gauge',
    labels: ['endpoint', 'state'],
    help: '1 for the state of a WebSocket that tells of new heads (live, silent, closed), 0 for the others.',
  },
  emerald_head_age_seconds: {
    type: 'gauge',
    labels: [],
    help: 'Time since the node saw a new head.',
  },
  emerald_key_balance_wei: {
    type: 'gauge',
    labels: ['address'],
    help: 'What a key of this node has to pay gas with; read every few seconds.',
  },
  emerald_oldest_pending_transaction_seconds: {
    type: 'gauge',
    labels: [],
    help: 'Age of the own transaction that has waited longest; no value while none waits.',
  },
  emerald_capped_transactions: {
    type: 'gauge',
    labels: [],
    help: 'Own transactions that wait and whose fee may not rise any more.',
  },
  emerald_pending_transactions: { type: 'gauge', labels: [], help: 'Own transactions that are in no block yet.' },
  emerald_spent_gas_wei: { type: 'gauge', labels: [], help: 'What own transactions in the chain have cost.' },
  emerald_queued_prover_tasks: {
    type: 'gauge',
    labels: ['lane'],
    help: 'Work that waits for a prover thread: for a challenge, or for ingest.',
  },
  emerald_busy_prover_workers: { type: 'gauge', labels: [], help: 'Prover threads at work.' },
  emerald_running_duties: {
    type: 'gauge',
    labels: ['runner'],
    help: 'Duties under way: in single answers and small duties, batches of answers, fetches of content, or attestations.',
  },
  emerald_failed_duties_total: {
    type: 'counter',
    labels: ['duty', 'code'],
    help: 'Attempts at a duty that failed, with the error code; most are tried again.',
  },
  emerald_relay_requests_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Answers at the public door of this relay: collected, known, attested, or the code of an error.',
  },
  emerald_collected_attestations_total: {
    type: 'counter',
    labels: [],
    help: 'Attestations that were new to this relay, those of own operators included.',
  },
  emerald_attestation_submissions_total: {
    type: 'counter',
    labels: ['by'],
    help: 'Transactions that bring attestations to the chain: by this relay, or by an operator when its relays are silent.',
  },
  emerald_audited_bytes_total: {
    type: 'counter',
    labels: [],
    help: 'Bytes of stored blocks that were read and hashed again, to find damage before a challenge does.',
  },
  emerald_audit_blocks_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Stored blocks that were found damaged or gone: repaired (a peer or a gateway sent them) or lost.',
  },
  emerald_relay_sends_total: {
    type: 'counter',
    labels: ['relay', 'outcome'],
    help: 'Attestations offered to relays of others: collected, known, attested (all well), refused, busy, or failed.',
  },
  emerald_relay_breaker_state: {
    type: 'gauge',
    labels: ['relay', 'state'],
    help: 'Relays of others: 1 for the state that the breaker is in (closed is well, open is left alone, halfOpen is being tried).',
  },
  emerald_connected_peers: { type: 'gauge', labels: [], help: 'IPFS peers that are connected.' },
} as const satisfies Readonly<Record<string, MetricEntry>>

type Table = typeof METRICS
export type MetricName = keyof Table
type NameOf<T extends MetricEntry['type']> = { [N in MetricName]: Table[N]['type'] extends T ? N : never }[MetricName]
export type GaugeName = NameOf<'gauge'>
export type CounterName = NameOf<'counter'>
export type HistogramName = NameOf<'histogram'>
export type LabelsOf<N extends MetricName> = Readonly<Record<Table[N]['labels'][number], string | number>>
