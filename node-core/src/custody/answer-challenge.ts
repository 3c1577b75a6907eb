/** Answers one challenge: derive again, open, check, send; every step can be repeated after a crash without harm. */

import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeFunctionData } from 'viem'
import type { Alerts } from '../alerts/alerts.ts'
import { AppError, toAppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import { currentAttempt } from '../chain/current-attempt.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import { type Challenge, challengeIdOf, proveName } from '../domain/challenge.ts'
import type { Post } from '../domain/post.ts'
import type { Opening } from '../store/proofs-table.ts'
import type { Store } from '../store/store.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { checkDerivation } from './check-derivation.ts'
import type { CustodyReader } from './custody-reader.ts'
import type { Openings } from './openings.ts'

export type AnswerDeps = {
  readonly store: Store
  readonly openings: Pick<Openings, 'ofOne'>
  readonly reader: Pick<CustodyReader, 'challengeOf' | 'simulateProve'>
  readonly senderOf: (operator: number) => Pick<TransactionSender, 'send'>
  readonly custodyChallenges: Hex
  readonly now: () => number
  readonly metrics: Pick<Metrics, 'observe'>
  readonly alerts: Pick<Alerts, 'raise'>
}

/** @throws AppError CHALLENGE_MISDERIVED · PROOF_INVALID (the chain would refuse it; nothing was sent) · IPFS_FETCH_FAILED · PROVER_FAILED … */
export async function answerChallenge(
  challenge: Challenge,
  post: Post,
  signal: AbortSignal,
  deps: AnswerDeps,
): Promise<void> {
  const { proofs } = deps.store
  const startedAt = deps.now()
  proofs.beginAnswer(challenge, challenge.salt, startedAt)
  try {
    await checkDerivation(challenge, deps)
    const deriveMs = deps.now() - startedAt
    const { opening, timings } = await deps.openings.ofOne(challenge, post, signal)
    const sendStartedAt = deps.now()
    await send(challenge, opening, deps)
    const sendMs = deps.now() - sendStartedAt
    proofs.keepTimings(challenge, challenge.salt, { ...timings, deriveMs, sendMs }, deps.now())
    observeSending(deps.metrics, deriveMs, sendMs)
  } catch (error) {
    proofs.failAnswer(challenge, challenge.salt, toAppError(error).code, deps.now())
    throw error
  }
}

export function observeSending(metrics: Pick<Metrics, 'observe'>, deriveMs: number, sendMs: number): void {
  metrics.observe('emerald_proof_step_seconds', { step: 'derive' }, deriveMs / 1_000)
  metrics.observe('emerald_proof_step_seconds', { step: 'send' }, sendMs / 1_000)
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
