/** Answers one challenge: derive again, read, open, check, send; every step can be repeated after a crash without harm. */

import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeFunctionData } from 'viem'
import type { Alerts } from '../alerts/alerts.ts'
import { AppError } from '../base/app-error.ts'
import { bytesToHex, type Hex } from '../base/hex.ts'
import type { BlockNode } from '../blocks/block-node.ts'
import { currentAttempt } from '../chain/current-attempt.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import { type Challenge, challengeIdOf, proveName } from '../domain/challenge.ts'
import type { Post } from '../domain/post.ts'
import type { Prover } from '../kzg/prover.ts'
import type { AnswerTimings, Opening } from '../store/proofs-table.ts'
import type { Store } from '../store/store.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { blobsOf, readFold, singleBlobOf } from './challenged-blobs.ts'
import { checkDerivation } from './check-derivation.ts'
import type { CustodyReader } from './custody-reader.ts'

export type AnswerDeps = {
  readonly store: Store
  readonly blocks: BlockNode
  readonly prover: Pick<Prover, 'openFolded' | 'uncompress'>
  readonly reader: Pick<CustodyReader, 'challengeOf' | 'simulateProve'>
  readonly senderOf: (operator: number) => Pick<TransactionSender, 'send'>
  readonly custodyChallenges: Hex
  readonly now: () => number
  readonly metrics: Pick<Metrics, 'observe'>
  readonly alerts: Pick<Alerts, 'raise'>
}

export const NO_TIMINGS: AnswerTimings = { deriveMs: 0, readMs: 0, openMs: 0, sendMs: 0, confirmMs: 0 }

/** @throws AppError CHALLENGE_MISDERIVED · PROOF_INVALID (the chain would refuse it; nothing was sent) · IPFS_FETCH_FAILED · PROVER_FAILED … */
export async function answerChallenge(
  challenge: Challenge,
  post: Post,
  signal: AbortSignal,
  deps: AnswerDeps,
): Promise<void> {
  const { proofs } = deps.store
  const startedAt = deps.now()
  const kept = proofs.answer(challenge, challenge.salt)
  proofs.beginAnswer(challenge, challenge.salt, startedAt)
  try {
    await checkDerivation(challenge, deps)
    const deriveMs = deps.now() - startedAt
    const { opening, timings } = kept?.opening
      ? { opening: kept.opening, timings: kept.timings ?? NO_TIMINGS }
      : await makeOpening(challenge, post, signal, deps)
    const spent = { ...timings, deriveMs }
    proofs.keepOpening(challenge, challenge.salt, opening, spent, deps.now())
    const sendStartedAt = deps.now()
    await send(challenge, opening, deps)
    const sendMs = deps.now() - sendStartedAt
    proofs.keepTimings(challenge, challenge.salt, { ...spent, sendMs }, deps.now())
    const isNew = kept?.opening === undefined || kept.opening === null
    observeSteps(deps.metrics, isNew ? { ...spent, sendMs } : { deriveMs, sendMs })
  } catch (error) {
    proofs.failAnswer(challenge, challenge.salt, error instanceof AppError ? error.code : 'INTERNAL', deps.now())
    throw error
  }
}

/** An opening that was kept is not measured again. */
export function observeSteps(metrics: Pick<Metrics, 'observe'>, spent: Partial<AnswerTimings>): void {
  const { deriveMs, readMs, openMs, sendMs } = spent
  for (const [step, ms] of Object.entries({ derive: deriveMs, read: readMs, open: openMs, send: sendMs }))
    if (ms !== undefined) metrics.observe('emerald_proof_step_seconds', { step }, ms / 1_000)
}

/** The challenge's own proof, from the content alone. @throws AppError IPFS_FETCH_FAILED · POST_MISMATCH · PROVER_FAILED … */
export async function makeOpening(
  challenge: Challenge,
  post: Post,
  signal: AbortSignal,
  deps: Pick<AnswerDeps, 'store' | 'blocks' | 'prover' | 'now'>,
): Promise<{ opening: Opening; timings: AnswerTimings }> {
  const readStartedAt = deps.now()
  const fold = await readFold(challenge, post, deps.blocks, { signal })
  const openStartedAt = deps.now()
  const { y, proof } = await deps.prover.openFolded(fold, { priority: 'challenge', signal })
  const blobs =
    challenge.indexes.length === 1
      ? singleBlobOf(challenge, post, deps.store)
      : await blobsOf(challenge, post, signal, deps)
  const timings = { ...NO_TIMINGS, readMs: openStartedAt - readStartedAt, openMs: deps.now() - openStartedAt }
  return { opening: { ...blobs, y, proof: bytesToHex(proof) }, timings }
}

async function send(challenge: Challenge, opening: Opening, deps: AnswerDeps): Promise<void> {
  const { postId, epoch, operator } = challenge
  const functionName = challenge.indexes.length === 1 ? 'prove' : 'proveFolded'
  const args = [postId, epoch, operator, opening.points, opening.paths, opening.y, opening.proof] as const
  const outcome = await deps.reader.simulateProve(functionName, args)
  if (outcome === 'alreadyProven') return
  if (outcome === 'rejected') throw new AppError('PROOF_INVALID', { challengeId: challengeIdOf(challenge) })
  const attempt = currentAttempt(deps.store.transactions, proveName(challenge))
  if (attempt.state === 'exhausted')
    throw new AppError('TRANSACTION_FAILED', {
      challengeId: challengeIdOf(challenge),
      reason: 'every attempt reverted',
    })
  const data = encodeFunctionData({ abi: custodyChallengesAbi, functionName, args })
  await deps
    .senderOf(operator)
    .send({ key: attempt.key, to: deps.custodyChallenges, data, deadlineBlock: challenge.deadlineBlock })
}
