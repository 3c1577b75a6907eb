/** How the answer to a challenge goes to the chain, alone or in a batch, and whether it is on its way: never on both at once. */

import { type Challenge, proveName } from '../domain/challenge.ts'
import type { Store } from '../store/store.ts'
import { currentAttempt } from './current-attempt.ts'

export type WayOfAnswer =
  /** `key` names the transaction, which is on its way or on chain. */
  | { readonly state: 'sent'; readonly key: string; readonly isBatch: boolean }
  /** `isAlone`: it must not go into a batch (any more). */
  | { readonly state: 'unsent'; readonly isAlone: boolean }

/**
 * For challenges that the chain has not said to be proven.
 *
 * A batch has one attempt: when its transaction is on chain and the challenge still open, the batch was rejected or reverted, and the
 * challenge goes alone. A batch whose transaction is not stored was never sent, or can never be mined.
 */
export function wayOfAnswer(store: Store, challenge: Challenge): WayOfAnswer {
  const batch = store.batches.membership(challenge)
  const sent = batch === undefined ? undefined : store.transactions.byKey(batch.name)
  const isOver = sent !== undefined && store.transactions.receiptOf(sent.hash) !== undefined
  if (sent !== undefined && !isOver) return { state: 'sent', key: sent.key, isBatch: true }
  const attempt = currentAttempt(store.transactions, proveName(challenge))
  if (attempt.state === 'pending' || attempt.state === 'mined')
    return { state: 'sent', key: attempt.key, isBatch: false }
  const hasOpening = store.proofs.answer(challenge, challenge.salt)?.opening != null
  return { state: 'unsent', isAlone: isOver || batch?.isGivenUp === true || hasOpening }
}
