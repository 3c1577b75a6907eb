/** The evidence of a missed challenge: what was asked, what this node did, and what the chain said, in one document. */

import { z } from 'zod'
import { ALERT_CODE_NAMES, ALERT_SEVERITIES } from './alert-codes.ts'
import { address, challengeId, contentState, count, decimal, hash32, hex, isoTime, proofTimings } from './shapes.ts'

const transaction = z.object({
  /** What it was for. */
  key: z.string(),
  sender: address,
  nonce: count,
  deadlineBlock: count.nullable(),
  createdAt: isoTime,
  /** Newest first: each with the same nonce. */
  bids: z.array(
    z.object({
      hash: hash32,
      isCancel: z.boolean(),
      outcome: z.enum(['unknown', 'accepted', 'refused']),
      madeAtBlock: count,
      maxFeePerGasWei: decimal,
      maxPriorityFeePerGasWei: decimal,
    }),
  ),
  /** Null while no block held it. */
  receipt: z
    .object({ hash: hash32, isSuccess: z.boolean(), block: count, gasUsed: count, gasPriceWei: decimal })
    .nullable(),
})

const answer = z.object({
  state: z.enum(['proving', 'ready', 'failed']),
  attempts: count,
  /** Of the last attempt: an error code. */
  error: z.string().nullable(),
  timings: proofTimings.nullable(),
  /** Null also for an answer in a batch. */
  y: decimal.nullable(),
  proof: hex.nullable(),
})

const told = z.object({
  code: z.enum(ALERT_CODE_NAMES),
  severity: z.enum(ALERT_SEVERITIES),
  raisedAt: isoTime,
  lastSeenAt: isoTime,
  acknowledgedAt: isoTime.nullable(),
  resolvedAt: isoTime.nullable(),
  /** Of a deadline also the time and block of each step. */
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

export const evidence = z.object({
  version: z.literal(1),
  madeAt: isoTime,
  /** The newest block then. */
  madeAtBlock: count,
  chain: z.object({ chainId: count, contracts: z.record(z.string(), address) }),
  seed: z.object({
    epoch: count,
    seed: hash32,
    prevRandao: hash32,
    seedBlock: count,
    /** The seed block's header, whose keccak256 is its hash; null when no endpoint gave it. */
    headerRlp: hex.nullable(),
    beacon: address,
    /** The protocol's parameters in this epoch, packed as the contract has them. */
    parameters: decimal,
    finalised: z.object({ by: address, txHash: hash32, block: count }).nullable(),
  }),
  challenge: z.object({
    id: challengeId,
    postId: hash32,
    root: hash32,
    cid: z.string(),
    blobCount: count,
    epoch: count,
    operator: count,
    level: count,
    stratum: count,
    salt: hash32,
    indexes: z.array(count),
    z: decimal,
    gamma: decimal,
    openedBlock: count,
    deadlineBlock: count,
  }),
  /** What the chain said of the miss; null while nobody had reported it. */
  report: z.object({ by: address, txHash: hash32, block: count, slashedWei: decimal.nullable() }).nullable(),
  node: z.object({
    version: z.string(),
    isOperatorOnline: z.boolean(),
    content: z.object({ state: contentState, error: z.string().nullable() }),
    /** Null when no attempt was made. */
    answer: answer.nullable(),
    /** Names the batch that the answer was to go out in. */
    batch: z.string().nullable(),
    transactions: z.array(transaction),
    alerts: z.array(told),
  }),
  /** Lines of the node's log that name the challenge or its post, or tell of the chain meanwhile; oldest first. */
  log: z.array(z.record(z.string(), z.unknown())),
})

/** As the node gives it: with what the chain, as it is now, says of the challenge. */
export const standingEvidence = evidence.extend({
  standing: z.object({
    /** `undone`: a reorg took the miss back, or the challenge itself. */
    state: z.enum(['missed', 'overdue', 'undone']),
    checkedAtBlock: count,
  }),
})

export type Evidence = z.infer<typeof evidence>
export type StandingEvidence = z.infer<typeof standingEvidence>
