/** A custody challenge: what it asks for, who it asks, and how far the answer is. */

import type { Hex } from '../base/hex.ts'
import { keccakOfWords, toHex } from './words.ts'

/** The three values that name a challenge and the proof that answers it. */
export type ChallengeKey = { readonly postId: Hex; readonly epoch: number; readonly operator: number }

export type Challenge = ChallengeKey & {
  readonly level: number
  readonly stratum: number
  readonly salt: Hex
  /** Blobs to open, in the order of their strata. */
  readonly indexes: readonly number[]
  readonly z: bigint
  readonly gamma: bigint
  /** The block that brought the seed. */
  readonly openedBlock: number
  /** The last block whose transactions may still prove it. */
  readonly deadlineBlock: number
}

export type ChallengeState = 'due' | 'proving' | 'sent' | 'proven' | 'overdue' | 'missed'

export type ChallengeFacts = {
  readonly isProven: boolean
  readonly isMissed: boolean
  readonly isSent: boolean
  readonly isProving: boolean
  readonly deadlineBlock: number
}

/** @param headBlock the newest block that the node follows. */
export function challengeState(facts: ChallengeFacts, headBlock: number): ChallengeState {
  if (facts.isProven) return 'proven'
  if (facts.isMissed) return 'missed'
  if (headBlock >= facts.deadlineBlock) return 'overdue'
  if (facts.isSent) return 'sent'
  return facts.isProving ? 'proving' : 'due'
}

export function challengeIdOf(key: ChallengeKey): string {
  return `${key.postId}:${key.epoch}:${key.operator}`
}

/** Names the transaction that proves it, with the salt: another seed after a reorg is another thing to send. */
export const proveName = (challenge: Challenge): string => `prove:${challengeIdOf(challenge)}:${challenge.salt}`

/** Names the transaction that proves several of one operator and epoch; the same ones in the same order have one name. */
export function batchName(challenges: readonly [Challenge, ...Challenge[]]): string {
  const [{ epoch, operator }] = challenges
  const items = challenges.flatMap(({ postId, salt }) => [postId, salt])
  return `batch:${epoch}:${operator}:${toHex(keccakOfWords(...items))}`
}

/** @throws RangeError when the text is no challenge id. */
export function parseChallengeId(id: string): ChallengeKey {
  const found = /^(0x[0-9a-f]{64}):([0-9]{1,10}):([0-9]{1,3})$/.exec(id)
  if (found === null) throw new RangeError(`not a challenge id: ${id}`)
  // The pattern above admits nothing but 0x hex.
  return { postId: found[1] as Hex, epoch: Number(found[2]), operator: Number(found[3]) }
}
