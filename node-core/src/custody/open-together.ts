/** One opening for several challenges of one operator and epoch: what `proveBatch` takes. */

import { bytesToHex } from '../base/hex.ts'
import { mapFew } from '../base/map-few.ts'
import type { BlockNode } from '../blocks/block-node.ts'
import { batchInverse, batchPoint, batchTranscript } from '../domain/batch.ts'
import type { Challenge } from '../domain/challenge.ts'
import type { Post } from '../domain/post.ts'
import type { DividedFold, Prover } from '../kzg/prover.ts'
import type { BatchOpeningRecord } from '../store/batches-table.ts'
import { type AnswerTimings, NO_TIMINGS } from '../store/proofs-table.ts'
import type { Store } from '../store/store.ts'
import { blobsOf, type ProvenBlobs, readFold } from './challenged-blobs.ts'

export type OpenTogetherDeps = {
  readonly store: Store
  readonly blocks: BlockNode
  readonly prover: Pick<Prover, 'divide' | 'openBatch' | 'uncompress'>
  readonly now: () => number
}
export type BatchTask = { readonly challenge: Challenge; readonly post: Post }
/** The challenges in the order of the items, at least two. */
export type OpenedBatch = {
  readonly challenges: readonly [Challenge, ...Challenge[]]
  readonly made: BatchOpeningRecord
}

type Divided = {
  readonly challenge: Challenge
  readonly divided: DividedFold
  readonly blobs: ProvenBlobs
  readonly timings: AnswerTimings
}

/** Reading, folding and dividing: enough for every prover thread to have something to do. */
const DIVIDED_AT_ONCE = 4
/** What a batch waits for blocks from peers, over all of its items: well within the shortest windows, of some ten seconds. */
const PEER_PATIENCE_MS = 1_000

/** Told of an item that cannot be made ready. */
export type OnLeaving = (challenge: Challenge, error: unknown) => void

/**
 * An item that cannot be made ready is left out. Holds 256 KiB for each item.
 * @returns undefined when fewer than two are left.
 */
export async function openTogether(
  tasks: readonly BatchTask[],
  signal: AbortSignal,
  onLeaving: OnLeaving,
  deps: OpenTogetherDeps,
): Promise<OpenedBatch | undefined> {
  const waitUntilMs = deps.now() + PEER_PATIENCE_MS
  const found = await mapFew(tasks, DIVIDED_AT_ONCE, task => divide(task, waitUntilMs, signal, onLeaving, deps))
  const [first, second, ...more] = found.filter(item => item !== undefined)
  if (first === undefined || second === undefined) return undefined
  const items = [first, second, ...more] as const
  const openStartedAt = deps.now()
  const opened = await open(items, signal, deps)
  const openMs = deps.now() - openStartedAt
  const timings = items.map(item => ({ ...item.timings, openMs: item.timings.openMs + openMs }))
  const challenges = [first.challenge, second.challenge, ...more.map(item => item.challenge)] as const
  return { challenges: [...challenges], made: { ...opened, timings } }
}

/** @returns undefined when the item leaves the batch. */
async function divide(
  { challenge, post }: BatchTask,
  waitUntilMs: number,
  signal: AbortSignal,
  onLeaving: OnLeaving,
  deps: OpenTogetherDeps,
): Promise<Divided | undefined> {
  const readStartedAt = deps.now()
  try {
    const blockTimeoutMs = Math.max(1, waitUntilMs - readStartedAt)
    const fold = await readFold(challenge, post, deps.blocks, { signal, blockTimeoutMs })
    const openStartedAt = deps.now()
    const divided = await deps.prover.divide(fold, { priority: 'challenge', signal })
    const blobs = await blobsOf(challenge, post, signal, deps)
    const { foldMs } = divided
    const [readMs, openMs] = [openStartedAt - readStartedAt, Math.max(0, deps.now() - openStartedAt - foldMs)]
    return { challenge, divided, blobs, timings: { ...NO_TIMINGS, readMs, foldMs, openMs } }
  } catch (error) {
    signal.throwIfAborted()
    onLeaving(challenge, error)
    return undefined
  }
}

async function open(
  items: readonly [Divided, ...Divided[]],
  signal: AbortSignal,
  { prover }: OpenTogetherDeps,
): Promise<Omit<BatchOpeningRecord, 'timings'>> {
  const { epoch, operator } = items[0].challenge
  const claims = items.map(({ challenge, divided }) => ({ postId: challenge.postId, z: divided.z, y: divided.y }))
  const transcript = batchTranscript(epoch, operator, claims)
  const divided = items.map(item => item.divided)
  const { quotient, proof } = await prover.openBatch(transcript, divided, { priority: 'challenge', signal })
  const zeta = batchPoint(transcript, quotient)
  return {
    items: items.map(({ challenge, divided: { z, y }, blobs }) => ({
      postId: challenge.postId,
      y,
      inverse: batchInverse(zeta, z),
      ...blobs,
    })),
    quotient: bytesToHex(quotient),
    proof: bytesToHex(proof),
  }
}
