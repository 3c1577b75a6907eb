/** The operator contract: every method of the node, its shapes and its access level; all doors and clients derive from it. */

import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { standingEvidence } from './evidence-shape.ts'
import { alert, nodeHealth } from './health-shapes.ts'
import { networkState, transaction, transactionState } from './network-shapes.ts'
import {
  bundle,
  challenge,
  challengeId,
  challengeState,
  configEntry,
  count,
  demoFault,
  demoState,
  doctorCheck,
  hash32,
  job,
  nodeEvent,
  nodeFacts,
  operator,
  overview,
  pageInput,
  pageOf,
  post,
  postState,
  proof,
  timelineEntry,
  upload,
  verification,
} from './shapes.ts'

/** `secret` shows or exports key material or lowers a safety; no door of the renderer answers it. */
export type AccessLevel = 'read' | 'write' | 'secret'
export type MethodMeta = { readonly access: AccessLevel }

const base = oc.$meta<MethodMeta>({ access: 'read' })
const read = base
const write = base.meta({ access: 'write' })
const ok = z.object({ ok: z.literal(true) })

/** Bytes of one `uploads.append` or `ipfs.read`; larger parts are refused at the door. */
export const UPLOAD_PART_BYTES = 1_048_576
const base64Part = z.base64().max(Math.ceil(UPLOAD_PART_BYTES / 3) * 4)

const challengeFilter = pageInput.extend({
  operator: count.optional(),
  postId: hash32.optional(),
  epoch: count.optional(),
  state: challengeState.optional(),
})

export const operatorContract = {
  node: {
    facts: read.route({ method: 'GET', path: '/node' }).output(nodeFacts),
    overview: read
      .route({ method: 'GET', path: '/overview' })
      .input(z.object({ operator: z.coerce.number().int().nonnegative().optional() }))
      .output(overview),
    health: read.route({ method: 'GET', path: '/node/health' }).output(nodeHealth),
    /** Events after `afterSeq`, then live; a reader that fell behind the kept tail first gets the oldest kept one. */
    events: read
      .route({ method: 'GET', path: '/events' })
      .input(z.object({ afterSeq: z.coerce.number().int().nonnegative().optional() }))
      .output(eventIterator(nodeEvent)),
  },
  operators: {
    list: read.route({ method: 'GET', path: '/operators' }).output(z.object({ items: z.array(operator) })),
  },
  posts: {
    list: read
      .route({ method: 'POST', path: '/posts/list' })
      .input(pageInput.extend({ state: postState.optional(), search: z.string().max(100).optional() }))
      .output(pageOf(post)),
    get: read
      .route({ method: 'GET', path: '/posts/{postId}' })
      .input(z.object({ postId: hash32 }))
      .output(post.extend({ timeline: z.array(timelineEntry) })),
    /** Removes the content of a post that nobody here answers for, and of all posts with the same content. */
    forget: write
      .route({ method: 'DELETE', path: '/posts/{postId}/content' })
      .input(z.object({ postId: hash32 }))
      .output(z.object({ postId: hash32, cid: z.string(), deletedBlocks: count })),
    /** Starts a job that encodes, commits, pins and registers an upload that is complete. */
    publish: write
      .route({ method: 'POST', path: '/posts' })
      .input(
        z.object({ uploadId: z.string().max(100), termEpochs: z.number().int().min(1).max(1_000_000).default(1_000) }),
      )
      .output(job),
  },
  uploads: {
    begin: write
      .route({ method: 'POST', path: '/uploads' })
      .input(
        z.object({
          fileName: z.string().min(1).max(255),
          byteLength: count,
          contentType: z.string().max(100).default(''),
        }),
      )
      .output(upload),
    /** Parts come in order; a part at another offset is refused with the offset to go on at. */
    append: write
      .route({ method: 'POST', path: '/uploads/{uploadId}/parts' })
      .input(z.object({ uploadId: z.string().max(100), offset: count, bytesBase64: base64Part }))
      .output(upload),
    cancel: write
      .route({ method: 'DELETE', path: '/uploads/{uploadId}' })
      .input(z.object({ uploadId: z.string().max(100) }))
      .output(ok),
  },
  jobs: {
    list: read.route({ method: 'GET', path: '/jobs' }).output(z.object({ items: z.array(job) })),
    get: read
      .route({ method: 'GET', path: '/jobs/{jobId}' })
      .input(z.object({ jobId: z.string().max(100) }))
      .output(job),
    cancel: write
      .route({ method: 'POST', path: '/jobs/{jobId}/cancel' })
      .input(z.object({ jobId: z.string().max(100) }))
      .output(job),
  },
  challenges: {
    list: read.route({ method: 'POST', path: '/challenges/list' }).input(challengeFilter).output(pageOf(challenge)),
    get: read
      .route({ method: 'GET', path: '/challenges/{id}' })
      .input(z.object({ id: challengeId }))
      .output(challenge),
    /** Of a challenge that an own operator missed. */
    evidence: read
      .route({ method: 'GET', path: '/challenges/{id}/evidence' })
      .input(z.object({ id: challengeId }))
      .output(standingEvidence),
  },
  proofs: {
    list: read
      .route({ method: 'POST', path: '/proofs/list' })
      .input(pageInput.extend({ operator: count.optional(), postId: hash32.optional() }))
      .output(pageOf(proof)),
    get: read
      .route({ method: 'GET', path: '/proofs/{id}' })
      .input(z.object({ id: challengeId }))
      .output(proof),
    export: read
      .route({ method: 'GET', path: '/proofs/{id}/bundle' })
      .input(z.object({ id: challengeId }))
      .output(bundle),
    /** Checks a bundle, or the bundle of a stored proof, by code that shares nothing with the prover. */
    verify: read
      .route({ method: 'POST', path: '/proofs/verify' })
      .input(z.union([z.object({ id: challengeId }), z.object({ bundle })]))
      .output(verification),
  },
  network: {
    state: read.route({ method: 'GET', path: '/network' }).output(networkState),
  },
  transactions: {
    list: read
      .route({ method: 'POST', path: '/transactions/list' })
      .input(pageInput.extend({ state: transactionState.optional() }))
      .output(pageOf(transaction)),
    /** Why the chain made it fail, in the contract's own words; null when it did not, or when the chain cannot tell any more. */
    failure: read
      .route({ method: 'GET', path: '/transactions/{id}/failure' })
      .input(z.object({ id: z.coerce.number().int().nonnegative() }))
      .output(z.object({ reason: z.string().nullable() })),
  },
  alerts: {
    /** Open ones first, the most urgent first of all. */
    list: read
      .route({ method: 'POST', path: '/alerts/list' })
      .input(pageInput.extend({ filter: z.enum(['open', 'all']).default('open') }))
      .output(pageOf(alert)),
    /** Somebody has seen it. What is past is over with that; what lasts stays open until its cause ends. */
    acknowledge: write
      .route({ method: 'POST', path: '/alerts/{id}/acknowledge' })
      .input(z.object({ id: z.coerce.number().int().positive() }))
      .output(alert),
  },
  ipfs: {
    /** Starts a job that imports an upload that is complete; its result is `{ cid, byteLength, sha256, keccak256 }`. */
    add: write
      .route({ method: 'POST', path: '/ipfs/add' })
      .input(z.object({ uploadId: z.string().max(100) }))
      .output(job),
    read: read
      .route({ method: 'POST', path: '/ipfs/read' })
      .input(
        z.object({ cid: z.string().max(200), offset: count, length: z.number().int().min(1).max(UPLOAD_PART_BYTES) }),
      )
      .output(z.object({ bytesBase64: base64Part, isEnd: z.boolean() })),
    /** One block of a content, checked against its CID: at most 2 MiB. */
    block: read
      .route({ method: 'GET', path: '/ipfs/blocks/{cid}' })
      .input(z.object({ cid: z.string().max(200) }))
      .output(z.object({ bytesBase64: z.base64() })),
    /** Starts a job that takes in an upload that is a CAR file; its result is `{ roots, blocks, bytes }`. */
    import: write
      .route({ method: 'POST', path: '/ipfs/import' })
      .input(z.object({ uploadId: z.string().max(100) }))
      .output(job),
  },
  demo: {
    state: read.route({ method: 'GET', path: '/demo' }).output(demoState),
    /** Publishes a sample file, so that the story has something to tell. */
    publishSample: write.route({ method: 'POST', path: '/demo/publish' }).output(job),
    fault: write
      .route({ method: 'POST', path: '/demo/faults' })
      .input(z.object({ fault: demoFault, depth: z.number().int().min(1).max(32).optional() }))
      .output(demoState),
    reset: write.route({ method: 'POST', path: '/demo/reset' }).output(demoState),
  },
  config: {
    effective: read.route({ method: 'GET', path: '/config' }).output(z.object({ entries: z.array(configEntry) })),
  },
  doctor: {
    run: read
      .route({ method: 'POST', path: '/doctor' })
      .output(z.object({ ok: z.boolean(), checks: z.array(doctorCheck) })),
  },
}

export type OperatorContract = typeof operatorContract
