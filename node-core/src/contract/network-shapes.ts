/** The chain, the ways to it and the node's own transactions, as zod shapes. */

import { z } from 'zod'
import { address, count, decimal, hash32, isoTime } from './shapes.ts'

const blockAt = z.object({ number: count, hash: hash32, at: isoTime })

/** Each under the name that the deployment gives it. */
export const contractName = z.enum([
  'postRegistry',
  'attestationRelay',
  'quorum',
  'seedBeacon',
  'custodyChallenges',
  'operatorStake',
  'accessManager',
  'timelock',
])

export const endpoint = z.object({
  /** All of its address that may be shown; each endpoint's is its own. */
  host: z.string(),
  /** `silent`: it shows no head, or stands alone and is compared with nobody. `out`: it serves another chain. */
  standing: z.enum(['good', 'behind', 'disputed', 'silent', 'out']),
  breaker: z.enum(['closed', 'open', 'halfOpen']),
  /** When it is tried next, while its breaker is open. */
  retryAt: isoTime.nullable(),
  head: count.nullable(),
  latencyMs: z.number().nullable(),
  failedRequests: count,
  lastFailure: z
    .object({ reason: z.enum(['connection', 'timeout', 'busy', 'http', 'wrongChain', 'unusable']), at: isoTime })
    .nullable(),
})

export const ownKeyRole = z.enum(['operator', 'publisher', 'relay'])

export const networkState = z.object({
  chainId: count,
  isReachable: z.boolean(),
  /** The newest block held; `seenAt` is when the node first saw it. */
  head: blockAt.extend({ seenAt: isoTime }).nullable(),
  /** Nothing new came for many block times. */
  isHeadStale: z.boolean(),
  /** Blocks that the node is behind the chain; null before the chain was reached. */
  lagBlocks: count.nullable(),
  /** What the chain says it will not take back; null where it does not say. */
  finalised: blockAt.nullable(),
  quorum: z.enum(['alone', 'agreed', 'unwitnessed', 'disputed', 'none']),
  /** In order of preference. */
  endpoints: z.array(endpoint),
  /** Endpoints that tell of new heads by WebSocket. `silent`: open, but nothing was heard for long. `closed`: opened again after a pause. */
  subscriptions: z.array(
    z.object({ host: z.string(), state: z.enum(['live', 'silent', 'closed']), lastHeadAt: isoTime.nullable() }),
  ),
  /** Since the node started: how many, and the latest, newest first. */
  reorgs: z.object({
    total: count,
    latest: z.array(z.object({ depth: count, ancestor: count, at: isoTime })),
  }),
  contracts: z.array(z.object({ name: contractName, address })),
  /** The keys that pay for transactions; the balance is null until it was read. */
  keys: z.array(z.object({ address, role: ownKeyRole, operator: count.nullable(), balanceWei: decimal.nullable() })),
})

/** `replaced`: only a transfer of nothing with its nonce got into the chain. `failed`: it reverted there. */
export const transactionState = z.enum(['pending', 'mined', 'replaced', 'failed'])
export const transactionPurpose = z.enum([
  'register',
  'prove',
  'batch',
  'finalise',
  'settle',
  'report',
  'attest',
  'lapse',
  'other',
])

export const bid = z.object({
  hash: hash32,
  maxFeeWei: decimal,
  tipWei: decimal,
  /** It does nothing but use up the nonce. */
  isCancel: z.boolean(),
  /** What endpoints said to it; `unknown` before any answered. */
  outcome: z.enum(['unknown', 'accepted', 'refused']),
  madeAtBlock: count,
})

export const transaction = z.object({
  id: count,
  /** Names what it is for; the same name is never on chain twice. */
  key: z.string(),
  purpose: transactionPurpose,
  sender: address,
  /** Of the sender; null when its key is not here any more. */
  role: ownKeyRole.nullable(),
  operator: count.nullable(),
  nonce: count,
  state: transactionState,
  /** The bid that the chain took, else the newest that no endpoint refused. */
  hash: hash32,
  /** Newest first; all have the same nonce. */
  bids: z.array(bid),
  /** The fee may not rise any more. */
  isAtCap: z.boolean(),
  /** The last block that may take it; null when it is never too late. */
  deadlineBlock: count.nullable(),
  createdAt: isoTime,
  mined: z.object({ blockNumber: count, gasUsed: count, gasPriceWei: decimal, costWei: decimal }).nullable(),
})

export type Endpoint = z.infer<typeof endpoint>
export type NetworkState = z.infer<typeof networkState>
export type Transaction = z.infer<typeof transaction>
export type TransactionState = z.infer<typeof transactionState>
export type TransactionPurpose = z.infer<typeof transactionPurpose>
