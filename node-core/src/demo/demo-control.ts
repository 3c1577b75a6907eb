/** The demo screen's side of the engine: the story as steps, faults on demand, and a fresh start. */

import { createHash } from 'node:crypto'
import { AppError } from '../base/app-error.ts'
import type { DemoFault, DemoState } from '../contract/shapes.ts'
import { epochAt } from '../domain/epoch.ts'
import { bitsOf, type Post } from '../domain/post.ts'
import type { LocalNetwork } from '../local-network.ts'
import type { JobRecord } from '../store/jobs-table.ts'
import { bringOnline, damage, reorganise, takeOffline } from './faults.ts'

export type DemoControl = {
  state(): DemoState
  /** @throws AppError DEMO_ONLY · NODE_STOPPING while it starts over */
  publishSample(): Promise<JobRecord>
  /** @throws AppError DEMO_ONLY · POST_NOT_FOUND when there is nothing to damage */
  fault(fault: DemoFault, depth?: number): Promise<DemoState>
  /** Forgets the chain and everything on it, and starts again behind the same doors. @throws AppError DEMO_ONLY */
  reset(): Promise<DemoState>
}

const SAMPLE_BYTES = 380_000
const DEFAULT_REORG_DEPTH = 3

type Facts = Record<string, string | number>
/** What the buttons did; a fault that is over is `done`. */
type FaultRecord = {
  missing: number | undefined
  damaged: Facts | undefined
  isRepaired: boolean
  reorg: Facts | undefined
}

export function createDemoControl(deps: {
  readonly isDemo: boolean
  /** Undefined while it is replaced, and after a replacement that failed. */
  readonly network: () => LocalNetwork | undefined
  readonly restart: () => Promise<void>
}): DemoControl {
  let record = noFaults()
  let isResetting = false
  let samples = 0

  function requireDemo(): void {
    if (!deps.isDemo) throw new AppError('DEMO_ONLY', {})
  }

  function network(): LocalNetwork {
    requireDemo()
    const found = deps.network()
    if (found === undefined)
      throw new AppError('NODE_STOPPING', { reason: 'the demo starts over; if it does not come back, reset it' })
    return found
  }

  function state(): DemoState {
    const found = isResetting || !deps.isDemo ? undefined : deps.network()
    return {
      isAvailable: deps.isDemo,
      isResetting,
      steps: found === undefined ? [] : storySteps(found),
      faults: [
        {
          fault: 'miss',
          state: record.missing === undefined ? 'ready' : 'active',
          data: record.missing === undefined ? {} : { operator: record.missing },
        },
        {
          fault: 'corrupt',
          state: record.damaged === undefined ? 'ready' : record.isRepaired ? 'done' : 'active',
          data: record.damaged ?? {},
        },
        { fault: 'reorg', state: record.reorg === undefined ? 'ready' : 'done', data: record.reorg ?? {} },
      ],
    }
  }

  async function publishSample(): Promise<JobRecord> {
    const { main } = network()
    samples += 1
    const bytes = sampleBytes(samples)
    const { uploadId } = await main.uploads.begin({
      fileName: `sample-${samples}.bin`,
      contentType: 'application/octet-stream',
      byteLength: bytes.length,
    })
    await main.uploads.append(uploadId, 0, bytes)
    return main.publisher.publish(uploadId, 1_000)
  }

  async function fault(kind: DemoFault, depth = DEFAULT_REORG_DEPTH): Promise<DemoState> {
    const current = network()
    if (kind === 'miss') toggleMissing(current)
    if (kind === 'corrupt') await corrupt(current)
    if (kind === 'reorg') {
      await reorganise(current, depth)
      record.reorg = { depth }
    }
    current.main.events.publish('demo', kind, {})
    return state()
  }

  function toggleMissing(current: LocalNetwork): void {
    if (record.missing === undefined) record.missing = takeOffline(current)
    else {
      bringOnline(current, record.missing)
      record.missing = undefined
    }
  }

  async function corrupt(current: LocalNetwork): Promise<void> {
    const post = newestHeld(current)
    if (post === undefined) throw new AppError('POST_NOT_FOUND', { reason: 'publish a file first' })
    const { blockCid } = await damage(current.main, post.cid)
    record.damaged = { postId: post.postId, block: blockCid }
    record.isRepaired = false
    // The node would find the damage when it next reads the block; reading now lets the story go on at once.
    await current.main.repair(post.cid)
    record.isRepaired = true
  }

  async function reset(): Promise<DemoState> {
    requireDemo()
    if (isResetting) return state()
    isResetting = true
    try {
      await deps.restart()
      record = noFaults()
      samples = 0
    } finally {
      isResetting = false
    }
    return state()
  }

  return { state, publishSample, fault, reset }
}

const noFaults = (): FaultRecord => ({ missing: undefined, damaged: undefined, isRepaired: false, reorg: undefined })

function newestHeld({ main }: LocalNetwork): Post | undefined {
  return main.store.posts
    .page(null, 50)
    .map(each => each.post)
    .find(post => main.store.posts.content(post.postId).state === 'held')
}

function sampleBytes(number: number): Uint8Array {
  const parts = Array.from({ length: Math.ceil(SAMPLE_BYTES / 32) }, (_, at) =>
    createHash('sha256').update(`sample ${number} ${at}`).digest(),
  )
  return Buffer.concat(parts).subarray(0, SAMPLE_BYTES)
}

/** Told about the newest post; a step is active when the one before it is done. */
function storySteps({ main, neighbour, deployment }: LocalNetwork): DemoState['steps'] {
  const { store, follower, protocol } = main
  const head = follower.head()?.number ?? 0
  const post = store.posts.page(null, 1)[0]?.post
  const attesters = bitsOf(post?.attestation?.attesters ?? 0n)
  const epoch = store.challenges.latestEpoch()
  const isChallenged = post?.attestation != null && epoch !== undefined && epoch.epoch > post.attestation.attestedEpoch
  const proofs = post === undefined ? 0 : store.proofs.total({ postId: post.postId })
  const isFetched =
    post !== undefined &&
    store.posts.content(post.postId).state === 'held' &&
    (neighbour === undefined || neighbour.store.posts.content(post.postId).state === 'held')
  const isSettled =
    proofs > 0 &&
    epoch !== undefined &&
    isChallenged &&
    epochAt(protocol.schedule, head) > (post?.attestation?.attestedEpoch ?? 0) + 1
  const parts: { name: DemoState['steps'][number]['name']; isDone: boolean; data: Facts }[] = [
    { name: 'chain', isDone: head > 0, data: { block: head, chainId: deployment.chainId } },
    {
      name: 'publish',
      isDone: post !== undefined,
      data: post === undefined ? {} : { postId: post.postId, blobs: post.blobCount, bytes: post.byteLength },
    },
    { name: 'fetch', isDone: isFetched, data: { nodes: neighbour === undefined ? 1 : 2 } },
    { name: 'attest', isDone: attesters.length > 0, data: { operators: attesters.length } },
    {
      name: 'seed',
      isDone: isChallenged,
      data: epoch === undefined ? {} : { epoch: epoch.epoch, block: epoch.seedBlock },
    },
    { name: 'prove', isDone: proofs > 0, data: { proofs } },
    { name: 'settle', isDone: isSettled, data: { proofs, slashes: store.operators.slashCount() } },
  ]
  const firstOpen = parts.findIndex(part => !part.isDone)
  return parts.map(({ name, isDone, data }, at) => ({
    name,
    state: isDone ? 'done' : at === firstOpen ? 'active' : 'waiting',
    data,
  }))
}
