/** Answers several challenges of one operator and epoch with one opening in one transaction. */

import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeFunctionData } from 'viem'
import { AppError, isAppError, toAppError } from '../base/app-error.ts'
import { bytesToHex } from '../base/hex.ts'
import { mapFew } from '../base/map-few.ts'
import type { ErrorCode } from '../contract/error-codes.ts'
import { batchInverse, batchPoint, batchTranscript } from '../domain/batch.ts'
import { batchName, type Challenge, challengeIdOf } from '../domain/challenge.ts'
import type { Post } from '../domain/post.ts'
import type { DividedFold, Prover } from '../kzg/prover.ts'
import type { AnswerTimings } from '../store/proofs-table.ts'
import { type AnswerDeps, NO_TIMINGS, observeSteps } from './answer-challenge.ts'
import { blobsOf, type ProvenBlobs, readFold } from './challenged-blobs.ts'
import { checkDerivation } from './check-derivation.ts'
import type { BatchArguments, CustodyReader } from './custody-reader.ts'

export type BatchDeps = Pick<
  AnswerDeps,
  'store' | 'blocks' | 'senderOf' | 'custodyChallenges' | 'now' | 'metrics' | 'alerts'
> & {
  readonly prover: Pick<Prover, 'divide' | 'openBatch' | 'uncompress'>
  readonly reader: Pick<CustodyReader, 'challengeOf' | 'simulateBatch'>
}
export type BatchTask = { readonly challenge: Challenge; readonly post: Post }

type Prepared = {
  readonly challenge: Challenge
  readonly divided: DividedFold
  readonly blobs: ProvenBlobs
  readonly timings: AnswerTimings
}

/** Reading, folding and dividing: enough for every prover thread to have something to do. */
const PREPARED_AT_ONCE = 4
/** What a batch waits for blocks from peers, over all of its items: well within the shortest windows, of some ten seconds. */
const PEER_PATIENCE_MS = 1_000

/**
 * An item that cannot be made ready leaves the batch and goes alone, as all do when the chain would not take the batch: that stands
 * in the store, so the next look sends them one by one. Holds 256 KiB for each item.
 * @returns what was sent.
 * @throws AppError PROOF_INVALID · TRANSACTION_FAILED (nothing was sent; the items go alone) · RPC_UNAVAILABLE (to be tried again) …
 */
export async function answerBatch(
  tasks: readonly BatchTask[],
  signal: AbortSignal,
  deps: BatchDeps,
): Promise<readonly Challenge[]> {
  const { batches, proofs } = deps.store
  const all = tasks.map(task => task.challenge)
  for (const challenge of all) proofs.beginAnswer(challenge, challenge.salt, deps.now())
  try {
    const waitUntilMs = deps.now() + PEER_PATIENCE_MS
    const prepared = await mapFew(tasks, PREPARED_AT_ONCE, task => prepare(task, waitUntilMs, signal, deps))
    const [first, second, ...more] = prepared.filter(item => item !== undefined)
    if (first !== undefined && second !== undefined) return await sendBatch([first, second, ...more], signal, deps)
    if (first !== undefined) batches.leave([first.challenge])
    return []
  } catch (error) {
    signal.throwIfAborted()
    const together = all.filter(challenge => batches.membership(challenge)?.isGivenUp !== true)
    const code = noteFailure(together, error, deps)
    // A transaction that was signed is on its way whatever the endpoint answered: then nothing else may be sent.
    if (!TRANSIENT.has(code)) batches.leave(together)
    throw error
  }
}

/** @returns undefined when the item leaves the batch. @throws AppError RPC_UNAVAILABLE */
async function prepare(
  { challenge, post }: BatchTask,
  waitUntilMs: number,
  signal: AbortSignal,
  deps: BatchDeps,
): Promise<Prepared | undefined> {
  const startedAt = deps.now()
  try {
    await checkDerivation(challenge, deps)
    const readStartedAt = deps.now()
    const blockTimeoutMs = Math.max(1, waitUntilMs - readStartedAt)
    const fold = await readFold(challenge, post, deps.blocks, { signal, blockTimeoutMs })
    const openStartedAt = deps.now()
    const divided = await deps.prover.divide(fold, { priority: 'challenge', signal })
    const blobs = await blobsOf(challenge, post, signal, deps)
    const [deriveMs, readMs] = [readStartedAt - startedAt, openStartedAt - readStartedAt]
    return {
      challenge,
      divided,
      blobs,
      timings: { ...NO_TIMINGS, deriveMs, readMs, openMs: deps.now() - openStartedAt },
    }
  } catch (error) {
    signal.throwIfAborted()
    if (isAppError(error, 'RPC_UNAVAILABLE')) throw error
    noteFailure([challenge], error, deps)
    deps.store.batches.leave([challenge])
    return undefined
  }
}

type Items = readonly [Prepared, Prepared, ...Prepared[]]

async function sendBatch(items: Items, signal: AbortSignal, deps: BatchDeps): Promise<readonly Challenge[]> {
  const challenges = namedChallenges(items)
  const { batches, proofs } = deps.store
  const openStartedAt = deps.now()
  const args = await openItems(items, signal, deps)
  const openMs = deps.now() - openStartedAt
  if (!(await deps.reader.simulateBatch(args)))
    throw new AppError('PROOF_INVALID', { challengeIds: challenges.map(challengeIdOf) })
  const sendStartedAt = deps.now()
  const name = batchName(challenges)
  batches.join(name, challenges)
  const data = encodeFunctionData({ abi: custodyChallengesAbi, functionName: 'proveBatch', args })
  const { operator, deadlineBlock } = challenges[0] // a batch is of one epoch, and so is the deadline
  await deps.senderOf(operator).send({ key: name, to: deps.custodyChallenges, data, deadlineBlock })
  const sendMs = deps.now() - sendStartedAt
  for (const { challenge, timings } of items) {
    const spent = { ...timings, openMs: timings.openMs + openMs, sendMs }
    proofs.keepBatched(challenge, challenge.salt, spent, deps.now())
    observeSteps(deps.metrics, spent)
  }
  return challenges
}

function noteFailure(challenges: readonly Challenge[], error: unknown, { store, now }: BatchDeps): ErrorCode {
  const { code } = toAppError(error)
  for (const challenge of challenges) store.proofs.failAnswer(challenge, challenge.salt, code, now())
  return code
}

const TRANSIENT: ReadonlySet<string> = new Set(['RPC_UNAVAILABLE', 'QUEUE_FULL', 'NODE_STOPPING'])

const namedChallenges = ([first, ...more]: Items): readonly [Challenge, ...Challenge[]] => [
  first.challenge,
  ...more.map(each => each.challenge),
]

async function openItems(items: Items, signal: AbortSignal, deps: BatchDeps): Promise<BatchArguments> {
  const { epoch, operator } = items[0].challenge
  const claims = items.map(({ challenge, divided }) => ({ postId: challenge.postId, z: divided.z, y: divided.y }))
  const transcript = batchTranscript(epoch, operator, claims)
  const divided = items.map(item => item.divided)
  const { quotient, proof } = await deps.prover.openBatch(transcript, divided, { priority: 'challenge', signal })
  const zeta = batchPoint(transcript, quotient)
  const batchItems = items.map(({ challenge, divided: { z, y }, blobs }) => ({
    postId: challenge.postId,
    y,
    inverse: batchInverse(zeta, z),
    ...blobs,
  }))
  return [epoch, operator, batchItems, bytesToHex(quotient), bytesToHex(proof)]
}
