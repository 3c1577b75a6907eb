/** The values that cross a door, as zod shapes: JSON-safe, so bigints are decimal strings and bytes are 0x hex. */

import { z } from 'zod'

export const hex = z.string().regex(/^0x(?:[0-9a-f]{2})*$/, 'lower-case 0x hex')
export const hash32 = z.string().regex(/^0x[0-9a-f]{64}$/, '32 bytes as 0x hex')
export const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'an address')
export const decimal = z.string().regex(/^(?:0|[1-9][0-9]*)$/, 'a decimal integer')
export const count = z.number().int().nonnegative()
export const isoTime = z.iso.datetime()

/** `<postId>:<epoch>:<operator>`, the identity of a challenge and of the proof that answers it. */
export const challengeId = z.string().regex(/^0x[0-9a-f]{64}:[0-9]{1,10}:[0-9]{1,3}$/, 'postId:epoch:operator')

export const pageInput = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.number().int().min(1).max(200).default(50),
})
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: count })

export const profile = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/)

export const operator = z.object({
  index: count,
  owner: address,
  signer: address,
  stakeWei: decimal,
  slashedWei: decimal,
  /** Proofs that the chain found false: sent by a key of this node, and sent by others, which costs the operator nothing. */
  rejected: z.object({ own: count, others: count }),
  /** Set once it announced its exit or was ejected; it is challenged until the epoch `vacantFromEpoch`. */
  exit: z
    .object({ isEjection: z.boolean(), inactiveFromEpoch: count, vacantFromEpoch: count, isWithdrawn: z.boolean() })
    .nullable(),
  /** This node holds the key and answers for it. */
  isOwn: z.boolean(),
  /** False while the demo keeps it offline on purpose. */
  isOnline: z.boolean(),
  label: z.string(),
})

export const nodeFacts = z.object({
  version: z.string(),
  profile,
  networkName: z.string(),
  chainId: count,
  isDemo: z.boolean(),
  operators: z.array(operator),
  startedAt: isoTime,
  dataDirectory: z.string(),
  peerId: z.string(),
  limits: z.object({ uploadMaxBytes: count, contentTypes: z.array(z.string()) }),
})

export const postState = z.enum(['registered', 'attested', 'atRisk', 'ended', 'lapsed'])
/** What this node has of the post's content. */
export const contentState = z.enum(['absent', 'fetching', 'held', 'damaged', 'refused'])

/** The last time that all stored blocks were read again: those that were damaged or gone came from others, or from nobody. */
export const contentAudit = z.object({ at: isoTime, blocks: count, bytes: count, repaired: count, lost: count })

export const post = z.object({
  postId: hash32,
  publisher: address,
  root: hash32,
  cid: z.string(),
  contentType: z.string(),
  byteLength: count,
  blobCount: count,
  state: postState,
  content: contentState,
  /** Why the content was refused or could not be fetched: an error code. */
  contentError: z.string().nullable(),
  fileName: z.string().nullable(),
  /** Null before the first, and for content that is not kept here. */
  audit: contentAudit.nullable(),
  registeredBlock: count,
  registeredAt: isoTime,
  attestedEpoch: count.nullable(),
  endEpoch: count.nullable(),
  /** Of its next challenges; rises when too few operators prove. */
  level: count,
  /** The epoch that it was settled for last; epochs that change nothing are not settled. */
  settledEpoch: count.nullable(),
  attesters: z.array(count),
  provenCount: count,
  missedCount: count,
})

export const timelineKind = z.enum([
  'registered',
  'attested',
  'challenged',
  'proven',
  'rejected',
  'missed',
  'slashed',
  'escalated',
  'failedAtLastLevel',
  'settled',
  'atRisk',
  'ending',
  'lapsed',
  'reopened',
  'dropped',
])
export const timelineEntry = z.object({
  kind: timelineKind,
  blockNumber: count,
  at: isoTime,
  epoch: count.nullable(),
  operator: count.nullable(),
  txHash: hash32.nullable(),
})

export const challengeState = z.enum(['due', 'proving', 'sent', 'proven', 'overdue', 'missed'])
export const challenge = z.object({
  id: challengeId,
  postId: hash32,
  epoch: count,
  operator: count,
  isOwn: z.boolean(),
  level: count,
  stratum: count,
  /** Blobs to open, folded into one. */
  k: count,
  /** The answer goes, or went, to the chain together with others. */
  isBatched: z.boolean(),
  state: challengeState,
  blobCount: count,
  indexes: z.array(count),
  z: decimal,
  gamma: decimal,
  salt: hash32,
  openedBlock: count,
  deadlineBlock: count,
  txHash: hash32.nullable(),
  /** Why the last attempt failed: an error code. */
  error: z.string().nullable(),
  attempts: count,
})

/** Milliseconds spent in each part of one answer. */
export const proofTimings = z.object({
  deriveMs: z.number(),
  readMs: z.number(),
  foldMs: z.number(),
  openMs: z.number(),
  sendMs: z.number(),
  confirmMs: z.number(),
})

export const proof = z.object({
  id: challengeId,
  postId: hash32,
  epoch: count,
  operator: count,
  isOwn: z.boolean(),
  level: count,
  /** Blobs opened, folded into one. */
  k: count,
  z: decimal,
  /** Null unless this node made a proof for this challenge alone. */
  y: decimal.nullable(),
  proof: hex.nullable(),
  /** Hash of what the chain verified; proofs of one batch share it. */
  opening: hash32,
  /** Proofs that came with one opening, this one included. */
  batchSize: count,
  submitter: address,
  txHash: hash32,
  blockNumber: count,
  acceptedAt: isoTime,
  /** This proof's share of its transaction. */
  gasUsed: count.nullable(),
  timings: proofTimings.nullable(),
})

export const check = z.object({ name: z.string(), ok: z.boolean() })
export const verification = z.object({ ok: z.boolean(), checks: z.array(check) })

/** An exported proof bundle; its own schema (`kzg/proof-bundle.ts`) is stricter than this door. */
export const bundle = z.record(z.string(), z.unknown())

export const jobState = z.enum(['running', 'done', 'failed', 'cancelled'])
export const job = z.object({
  jobId: z.string(),
  kind: z.enum(['publish', 'ipfs-add', 'ipfs-import', 'demo']),
  state: jobState,
  /** The part of the work that is going on: `receive`, `encode`, `commit`, `pin`, `register` … */
  step: z.string(),
  /** 0 to 1 over the whole job. */
  progress: z.number().min(0).max(1),
  startedAt: isoTime,
  endedAt: isoTime.nullable(),
  /** What the job made, by kind: `{ postId, cid, root, sha256, keccak256, blobs }` for `publish`. */
  result: z.record(z.string(), z.unknown()).nullable(),
  error: z.object({ code: z.string(), error: z.string(), data: z.record(z.string(), z.unknown()) }).nullable(),
})

export const upload = z.object({ uploadId: z.string(), receivedBytes: count, byteLength: count })

/** One sentence about the node: `code` picks the sentence, `data` fills it. */
export const verdict = z.object({
  level: z.enum(['idle', 'ok', 'attention', 'bad']),
  code: z.enum([
    'NO_POSTS',
    'WAITING_FOR_FIRST_PROOF',
    'BYTES_SAFE',
    'DUTY_OPEN',
    'DUTY_OVERDUE',
    'DUTY_MISSED',
    'CHAIN_UNREACHABLE',
    'CONTENT_DAMAGED',
  ]),
  data: z.record(z.string(), z.union([z.string(), z.number()])),
})

export const overview = z.object({
  verdict,
  head: z.object({ number: count, hash: hash32, at: isoTime }).nullable(),
  epoch: z
    .object({
      number: count,
      firstBlock: count,
      lastBlock: count,
      seedBlock: count,
      deadlineBlock: count,
      isSeedKnown: z.boolean(),
    })
    .nullable(),
  /** While the protocol is paused; `untilBlock` is the last paused block, unless the guardian ends it sooner. */
  pause: z.object({ sinceBlock: count, untilBlock: count }).nullable(),
  nextDuty: challenge.nullable(),
  posts: z.object({ total: count, attested: count, held: count }),
  challenges: z.object({ open: count, proven: count, missed: count }),
  stakeWei: decimal,
  slashedWei: decimal,
  gasSpentWei: decimal,
  lastProofAt: isoTime.nullable(),
  proofMs: z.object({ median: z.number(), p95: z.number() }).nullable(),
  /** Milliseconds from the seed's block to the accepted proof of the latest own proofs, oldest first; at most 60. */
  recentLatencies: z.array(z.object({ id: challengeId, ms: z.number() })),
})

export const demoFault = z.enum(['miss', 'corrupt', 'reorg'])
export const demoStepName = z.enum(['chain', 'publish', 'fetch', 'attest', 'seed', 'prove', 'settle'])
export const demoState = z.object({
  isAvailable: z.boolean(),
  isResetting: z.boolean(),
  steps: z.array(
    z.object({
      name: demoStepName,
      state: z.enum(['waiting', 'active', 'done']),
      /** What happened, in numbers and names, for the sentence of the step. */
      data: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
  faults: z.array(
    z.object({
      fault: demoFault,
      state: z.enum(['ready', 'active', 'done']),
      data: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
})

/** Something changed: what, and which one. The UI asks again for what it shows; nothing is copied. */
export const nodeEvent = z.object({
  seq: count,
  at: isoTime,
  topic: z.enum(['head', 'post', 'challenge', 'proof', 'operator', 'job', 'demo', 'reorg', 'alert']),
  id: z.string().nullable(),
  /** Short facts for a log line or a toast. */
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

export const configEntry = z.object({
  name: z.string(),
  value: z.string(),
  source: z.enum(['flag', 'environment', 'file', 'default']),
})
export const doctorCheck = z.object({ name: z.string(), ok: z.boolean(), found: z.string(), fix: z.string() })

/** The one body of every error at every door. */
export const errorBody = z.object({
  ok: z.literal(false),
  error: z.string(),
  code: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
  trace_id: z.string(),
})

export type Operator = z.infer<typeof operator>
export type NodeFacts = z.infer<typeof nodeFacts>
export type Post = z.infer<typeof post>
export type TimelineEntry = z.infer<typeof timelineEntry>
export type Challenge = z.infer<typeof challenge>
export type Proof = z.infer<typeof proof>
export type ProofTimings = z.infer<typeof proofTimings>
export type Verification = z.infer<typeof verification>
export type Job = z.infer<typeof job>
export type Overview = z.infer<typeof overview>
export type Verdict = z.infer<typeof verdict>
export type DemoState = z.infer<typeof demoState>
export type DemoFault = z.infer<typeof demoFault>
export type NodeEvent = z.infer<typeof nodeEvent>
export type ConfigEntry = z.infer<typeof configEntry>
export type DoctorCheck = z.infer<typeof doctorCheck>
export type ErrorBody = z.infer<typeof errorBody>
