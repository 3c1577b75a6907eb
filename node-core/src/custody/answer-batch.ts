/** Answers several challenges of one operator and epoch with one opening in one transaction. */

import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeFunctionData } from 'viem'
import { AppError, isAppError, toAppError } from '../base/app-error.ts'
import { mapFew } from '../base/map-few.ts'
import type { ErrorCode } from '../contract/error-codes.ts'
import { batchName, type Challenge, challengeIdOf } from '../domain/challenge.ts'
import { type AnswerDeps, observeSending } from './answer-challenge.ts'
import { checkDerivation } from './check-derivation.ts'
import type { BatchArguments, CustodyReader } from './custody-reader.ts'
import type { BatchTask, OpenedBatch } from './open-together.ts'
import type { Openings } from './openings.ts'

export type BatchDeps = Pick<AnswerDeps, 'store' | 'senderOf' | 'custodyChallenges' | 'now' | 'metrics' | 'alerts'> & {
  readonly openings: Pick<Openings, 'ofBatch'>
  readonly reader: Pick<CustodyReader, 'challengeOf' | 'simulateBatch'>
}

/** Of a batch that the endpoint does not even answer for. */
const MAX_ATTEMPTS = 3
/** Questions to the endpoint. */
const ASKED_AT_ONCE = 8

/**
 * An item that cannot be made ready leaves the batch and goes alone, as all do when the chain would not take the batch: that stands
 * in the store, so the next look sends them one by one.
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
  const startedAt = deps.now()
  for (const challenge of all) proofs.beginAnswer(challenge, challenge.salt, startedAt)
  try {
    const agreed = await mapFew(tasks, ASKED_AT_ONCE, task => isDerivedAlike(task, signal, deps))
    const deriveMs = deps.now() - startedAt
    const opened = await deps.openings.ofBatch(
      tasks.filter((_, at) => agreed[at]),
      signal,
      (challenge, error) => leave(challenge, error, deps),
    )
    if (opened !== undefined) return await sendBatch(opened, all[0]?.deadlineBlock, deriveMs, deps)
    batches.leave(all.filter(challenge => !isGivenUp(challenge, deps)))
    return []
  } catch (error) {
    signal.throwIfAborted()
    const together = all.filter(challenge => !isGivenUp(challenge, deps))
    const code = noteFailure(together, error, deps)
    // A transaction that was signed is on its way whatever the endpoint answered, and stays so. What fails again and again may be too
    // much for the endpoint; one by one it may take them.
    if (!TRANSIENT.has(code) || hasOftenFailed(together, deps)) batches.leave(together)
    throw error
  }
}

/** One that is not leaves the batch. @throws AppError RPC_UNAVAILABLE */
async function isDerivedAlike({ challenge }: BatchTask, signal: AbortSignal, deps: BatchDeps): Promise<boolean> {
  try {
    await checkDerivation(challenge, deps)
    return true
  } catch (error) {
    signal.throwIfAborted()
    if (isAppError(error, 'RPC_UNAVAILABLE')) throw error
    leave(challenge, error, deps)
    return false
  }
}

/** The challenge goes alone from now on; its next failure or success overwrites this one. */
function leave(challenge: Challenge, error: unknown, { store, now }: BatchDeps): void {
  store.proofs.failAnswer(challenge, challenge.salt, toAppError(error).code, now())
  store.batches.leave([challenge])
}

async function sendBatch(
  { challenges, made }: OpenedBatch,
  deadlineBlock: number | undefined,
  deriveMs: number,
  deps: BatchDeps,
): Promise<readonly Challenge[]> {
  const { batches, proofs } = deps.store
  const { epoch, operator } = challenges[0]
  const args: BatchArguments = [epoch, operator, made.items, made.quotient, made.proof]
  const sendStartedAt = deps.now()
  if (!(await deps.reader.simulateBatch(args)))
    throw new AppError('PROOF_INVALID', { challengeIds: challenges.map(challengeIdOf) })
  const name = batchName(challenges)
  batches.join(name, challenges)
  const data = encodeFunctionData({ abi: custodyChallengesAbi, functionName: 'proveBatch', args })
  await deps.senderOf(operator).send({ key: name, to: deps.custodyChallenges, data, deadlineBlock })
  const sendMs = deps.now() - sendStartedAt
  for (const [at, challenge] of challenges.entries()) {
    const timings = made.timings[at]
    if (timings !== undefined)
      proofs.keepBatched(challenge, challenge.salt, { ...timings, deriveMs, sendMs }, deps.now())
    observeSending(deps.metrics, deriveMs, sendMs)
  }
  return challenges
}

function noteFailure(challenges: readonly Challenge[], error: unknown, { store, now }: BatchDeps): ErrorCode {
  const { code } = toAppError(error)
  for (const challenge of challenges) store.proofs.failAnswer(challenge, challenge.salt, code, now())
  return code
}

function hasOftenFailed(challenges: readonly Challenge[], { store }: BatchDeps): boolean {
  return challenges.some(challenge => (store.proofs.answer(challenge, challenge.salt)?.attempts ?? 0) >= MAX_ATTEMPTS)
}

const isGivenUp = (challenge: Challenge, { store }: BatchDeps): boolean =>
  store.batches.membership(challenge)?.isGivenUp === true

const TRANSIENT: ReadonlySet<string> = new Set(['RPC_UNAVAILABLE', 'QUEUE_FULL', 'NODE_STOPPING'])
