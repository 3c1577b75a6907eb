/** Answers several challenges of one operator and epoch with one opening in one transaction. */

import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeFunctionData } from 'viem'
import { AppError, isAppError } from '../base/app-error.ts'
import { bytesToHex } from '../base/hex.ts'
import { batchInverse, batchPoint, batchTranscript } from '../domain/batch.ts'
import { batchName, type Challenge, challengeIdOf } from '../domain/challenge.ts'
import type { Post } from '../domain/post.ts'
import type { DividedFold, Prover } from '../kzg/prover.ts'
import type { AnswerTimings } from '../store/proofs-table.ts'
import { type AnswerDeps, NO_TIMINGS } from './answer-challenge.ts'
import { blobsOf, type ProvenBlobs, readFold } from './challenged-blobs.ts'
import { checkDerivation } from './check-derivation.ts'
import type { BatchArguments, CustodyReader } from './custody-reader.ts'

export type BatchDeps = Pick<AnswerDeps, 'store' | 'blocks' | 'senderOf' | 'custodyChallenges' | 'now'> & {
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

/**
 * An item that cannot be made ready leaves the batch and goes alone, as all do when the chain would not take the batch: that stands
 * in the store, so the next look sends them one by one. Holds 256 KiB for each item.
 * @throws AppError PROOF_INVALID · TRANSACTION_FAILED (nothing was sent; the items go alone) · RPC_UNAVAILABLE (to be tried again) …
 */
export async function answerBatch(tasks: readonly BatchTask[], signal: AbortSignal, deps: BatchDeps): Promise<void> {
  const items: Prepared[] = []
  for (const task of tasks) {
    const item = await prepare(task, signal, deps)
    if (item !== undefined) items.push(item)
  }
  const [first, second, ...more] = items
  if (first === undefined || second === undefined) {
    deps.store.batches.leave(items.map(item => item.challenge))
    return
  }
  await sendBatch([first, second, ...more], signal, deps)
}

/** @returns undefined when the item leaves the batch. */
async function prepare(task: BatchTask, signal: AbortSignal, deps: BatchDeps): Promise<Prepared | undefined> {
  const { challenge, post } = task
  const { proofs, batches } = deps.store
  const startedAt = deps.now()
  proofs.beginAnswer(challenge, challenge.salt, startedAt)
  try {
    await checkDerivation(challenge, deps.reader)
    const readStartedAt = deps.now()
    const fold = await readFold(challenge, post, signal, deps.blocks)
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
    proofs.failAnswer(challenge, challenge.salt, isAppError(error) ? error.code : 'INTERNAL', deps.now())
    if (isAppError(error, 'RPC_UNAVAILABLE')) throw error
    batches.leave([challenge])
    return undefined
  }
}

type Items = readonly [Prepared, Prepared, ...Prepared[]]

async function sendBatch(items: Items, signal: AbortSignal, deps: BatchDeps): Promise<void> {
  const challenges = namedChallenges(items)
  const { batches, proofs } = deps.store
  try {
    const openStartedAt = deps.now()
    const args = await openItems(items, signal, deps)
    const openMs = deps.now() - openStartedAt
    if (!(await deps.reader.simulateBatch(args)))
      throw new AppError('PROOF_INVALID', { challengeIds: challenges.map(challengeIdOf) })
    const sendStartedAt = deps.now()
    const name = batchName(challenges)
    batches.join(name, challenges)
    const data = encodeFunctionData({ abi: custodyChallengesAbi, functionName: 'proveBatch', args })
    await deps.senderOf(challenges[0].operator).send({ key: name, to: deps.custodyChallenges, data })
    const sendMs = deps.now() - sendStartedAt
    for (const { challenge, timings } of items)
      proofs.keepBatched(challenge, challenge.salt, { ...timings, openMs: timings.openMs + openMs, sendMs }, deps.now())
  } catch (error) {
    signal.throwIfAborted()
    const code = isAppError(error) ? error.code : 'INTERNAL'
    for (const { challenge } of items) proofs.failAnswer(challenge, challenge.salt, code, deps.now())
    // A transaction that was signed is on its way whatever the endpoint answered: then nothing else may be sent.
    if (!TRANSIENT.has(code)) batches.leave(challenges)
    throw error
  }
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
