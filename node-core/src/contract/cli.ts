/** What each command prints with --json, as zod shapes: `--help` shows them, tests read real output with them. */

import { z } from 'zod'
import { deploymentShape } from './deployment-shape.ts'
import {
  address,
  challenge,
  configEntry,
  count,
  decimal,
  doctorCheck,
  hash32,
  hex,
  pageOf,
  post,
  profile,
  proof,
  verification,
} from './shapes.ts'

const ok = z.literal(true)
const port = z.int().min(1).max(65_535)
const share = z.number().nonnegative()

/** Of every command that failed, and of one that was used wrongly (`USAGE`). */
export const commandError = z.object({
  ok: z.literal(false),
  error: z.string(),
  code: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
})

/** The line that `start` prints once it serves. `url` carries the access token behind `#`. */
export const readyEvent = z.object({
  event: z.literal('ready'),
  url: z.url(),
  port,
  partnerPort: port.nullable(),
  publicPort: port.nullable(),
  profile,
})

/**
 * `missed`, `slashed` and `reorgs` count events, `attested` posts, `escalated` posts whose level rose; `blobs` is of the post.
 * Milliseconds and gas are medians: `proveOne` of proofs on one blob, `proveFold` on several; null when there was none.
 */
export const demoReport = z.object({
  ok: z.boolean(),
  chainId: count,
  posts: count,
  blobs: count,
  operators: count,
  epochs: count,
  attested: count,
  challenges: count,
  proven: count,
  missed: count,
  slashed: count,
  escalated: count,
  reorgs: count,
  corrupt: z.object({ operator: count, outcome: z.enum(['repaired', 'refused']) }).nullable(),
  gas: z.object({ proveOne: count.nullable(), proveFold: count.nullable() }),
  proveMs: z.object({ median: share, p95: share }).nullable(),
  seconds: share,
  failures: z.array(z.string()),
})

const storedFile = z.object({ ok, cid: z.string(), byteLength: count, sha256: hash32, keccak256: hash32 })

/** By command, without `start`, whose line is an event, and `demo`, whose report can say `ok: false`. */
export const commandOutput = {
  publish: storedFile.extend({ postId: hash32, root: hash32, blobs: count, txHash: hash32 }),
  posts: pageOf(post).extend({ ok }),
  challenges: pageOf(challenge).extend({ ok }),
  'challenges --evidence': z.object({ ok, id: z.string(), file: z.string() }),
  proofs: pageOf(proof).extend({ ok }),
  'proofs --export': z.object({ ok, id: z.string(), file: z.string() }),
  /** With `ok: false` also the fields of `commandError`, as for `db verify`. */
  'proof verify': verification,
  'kzg encode': z.object({ ok, byteLength: count, blobs: count, file: z.string().nullable() }),
  'kzg commit': z.object({
    ok,
    byteLength: count,
    blobs: count,
    root: hash32,
    cid: z.string(),
    commitments: z.array(hex),
    versionedHashes: z.array(hash32),
  }),
  'kzg open': z.object({
    ok,
    indexes: z.array(count),
    z: decimal,
    gamma: decimal,
    y: decimal,
    commitment: hex,
    proof: hex,
  }),
  'kzg verify': z.object({ ok }),
  'challenge-point': z.object({ ok, scalar: decimal }),
  'ipfs add': storedFile,
  'posts forget': z.object({ ok, postId: hash32, cid: z.string(), deletedBlocks: count }),
  /** A failure has the field `gateway` too: the last one that was asked, or null. */
  'ipfs fetch': z.object({ ok, cid: z.string(), bytes: count, sha256: hash32, keccak256: hash32, source: z.string() }),
  /** `bytes` is the length of the archive, `blocks` what it holds, each once. */
  'ipfs export': z.object({ ok, cid: z.string(), bytes: count, blocks: count, file: z.string() }),
  /** `bytes` is the length of the archive, `blocks` what its roots need. */
  'ipfs import': z.object({ ok, roots: z.array(z.string()), blocks: count, bytes: count }),
  'ipfs cat': z.object({ ok, cid: z.string(), byteLength: count, file: z.string() }),
  doctor: z.object({ ok: z.boolean(), checks: z.array(doctorCheck) }),
  config: z.object({ ok, entries: z.array(configEntry) }),
  'contracts deploy': z.object({
    ok,
    isDryRun: z.boolean(),
    deployment: deploymentShape(address, decimal),
    /** In their order. */
    steps: z.array(z.object({ part: z.string(), address })),
    /** The same for the same code and arguments at the same addresses. */
    digest: hash32,
    /** Of the steps left, at the price of gas of now. */
    leastCostWei: decimal,
    balanceWei: decimal,
    file: z.string().nullable(),
  }),
  /** With `ok: false` also the fields of `commandError`, as for `contracts params`. */
  'contracts verify': z.object({
    ok: z.boolean(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), expected: z.string(), found: z.string() })),
  }),
  'contracts params': z.object({
    ok: z.boolean(),
    chainId: count,
    parameters: z.array(
      z.object({
        name: z.string(),
        value: z.string(),
        unit: z.string(),
        minimum: z.string(),
        maximum: z.string(),
        setter: z.string(),
        /** Of the event that tells of a change; empty for what never changes. */
        event: z.string(),
      }),
    ),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), needed: z.string(), found: z.string() })),
  }),
  'db migrate': z.object({ ok, version: count }),
  'db verify': z.object({ ok: z.boolean(), differences: z.array(z.string()) }),
} as const

export type CommandError = z.infer<typeof commandError>
export type ReadyEvent = z.infer<typeof readyEvent>
export type DemoReport = z.infer<typeof demoReport>
export type CommandName = keyof typeof commandOutput
