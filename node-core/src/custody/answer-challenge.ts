/** Answers one challenge: derive again, read, open, check, send; every step can be repeated after a crash without harm. */

import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeFunctionData } from 'viem'
import { AppError } from '../base/app-error.ts'
import { bytesToHex, type Hex } from '../base/hex.ts'
import type { BlockNode } from '../blocks/block-node.ts'
import { readRange } from '../blocks/read-content.ts'
import { currentAttempt } from '../chain/current-attempt.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import { type Challenge, challengeIdOf, proveName } from '../domain/challenge.ts'
import type { Post } from '../domain/post.ts'
import { encodeBlob, PAYLOAD_BYTES_PER_BLOB } from '../kzg/blob-encoding.ts'
import { merklePath } from '../kzg/commitment-tree.ts'
import type { Prover } from '../kzg/prover.ts'
import type { AnswerTimings, Opening } from '../store/proofs-table.ts'
import type { Store } from '../store/store.ts'
import type { CustodyReader } from './custody-reader.ts'

export type AnswerDeps = {
  readonly store: Store
  readonly blocks: BlockNode
  readonly prover: Pick<Prover, 'open'>
  readonly reader: CustodyReader
  readonly senderOf: (operator: number) => Pick<TransactionSender, 'send'>
  readonly custodyChallenges: Hex
  readonly now: () => number
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
  const kept = proofs.answer(challenge, challenge.salt)
  proofs.beginAnswer(challenge, challenge.salt, startedAt)
  try {
    await checkDerivation(challenge, deps.reader)
    const deriveMs = deps.now() - startedAt
    const { opening, timings } = kept?.opening
      ? { opening: kept.opening, timings: kept.timings ?? NO_TIMINGS }
      : await makeOpening(challenge, post, deriveMs, signal, deps)
    proofs.keepOpening(challenge, challenge.salt, opening, timings, deps.now())
    const sendStartedAt = deps.now()
    await send(challenge, opening, deps)
    proofs.keepTimings(challenge, challenge.salt, { ...timings, sendMs: deps.now() - sendStartedAt }, deps.now())
  } catch (error) {
    proofs.failAnswer(challenge, challenge.salt, error instanceof AppError ? error.code : 'INTERNAL', deps.now())
    throw error
  }
}

const NO_TIMINGS: AnswerTimings = { deriveMs: 0, readMs: 0, openMs: 0, sendMs: 0, confirmMs: 0 }

/** The contract derives the challenge a second time; a difference means that one of the two is wrong, so nothing is sent. */
async function checkDerivation(challenge: Challenge, reader: CustodyReader): Promise<void> {
  const derived = await reader.challengeOf(challenge)
  const agrees =
    derived.isChallenged &&
    derived.salt === challenge.salt &&
    derived.z === challenge.z &&
    derived.indexes.length === challenge.indexes.length &&
    derived.indexes.every((index, at) => index === challenge.indexes[at])
  if (!agrees) throw new AppError('CHALLENGE_MISDERIVED', { challengeId: challengeIdOf(challenge) })
}

async function makeOpening(
  challenge: Challenge,
  post: Post,
  deriveMs: number,
  signal: AbortSignal,
  deps: AnswerDeps,
): Promise<{ opening: Opening; timings: AnswerTimings }> {
  const [index, ...more] = challenge.indexes
  if (index === undefined || more.length > 0)
    throw new AppError('PROVER_FAILED', {
      reason: 'folded proofs are not part of this version',
      blobs: challenge.indexes.length,
    })
  const readStartedAt = deps.now()
  const blob = encodeBlob(await readPayload(post, index, signal, deps.blocks), index)
  const readMs = deps.now() - readStartedAt
  const openStartedAt = deps.now()
  const { y, proof } = await deps.prover.open(blob, challenge.z, { priority: 'challenge', signal })
  const openMs = deps.now() - openStartedAt
  const commitments = deps.store.posts.commitmentList(post)
  const commitment = commitments[index]
  if (commitment === undefined) throw new AppError('POST_MISMATCH', { postId: post.postId, field: 'commitments' })
  const opening = {
    commitment: bytesToHex(commitment),
    path: merklePath(commitments, index),
    y,
    proof: bytesToHex(proof),
  }
  return { opening, timings: { ...NO_TIMINGS, deriveMs, readMs, openMs } }
}

async function readPayload(post: Post, index: number, signal: AbortSignal, blocks: BlockNode): Promise<Uint8Array> {
  const offset = index * PAYLOAD_BYTES_PER_BLOB
  const length = Math.min(PAYLOAD_BYTES_PER_BLOB, post.byteLength - offset)
  return readRange(blocks, post.cid, { offset, length, signal })
}

async function send(challenge: Challenge, opening: Opening, deps: AnswerDeps): Promise<void> {
  const { postId, epoch, operator } = challenge
  const args = [postId, epoch, operator, opening.commitment, opening.path, opening.y, opening.proof] as const
  const outcome = await deps.reader.simulateProve(args)
  if (outcome === 'alreadyProven') return
  if (outcome === 'rejected') throw new AppError('PROOF_INVALID', { challengeId: challengeIdOf(challenge) })
  const attempt = currentAttempt(deps.store.transactions, proveName(challenge))
  if (attempt.state === 'exhausted')
    throw new AppError('TRANSACTION_FAILED', {
      challengeId: challengeIdOf(challenge),
      reason: 'every attempt reverted',
    })
  const data = encodeFunctionData({ abi: custodyChallengesAbi, functionName: 'prove', args })
  await deps.senderOf(operator).send({ key: attempt.key, to: deps.custodyChallenges, data })
}
