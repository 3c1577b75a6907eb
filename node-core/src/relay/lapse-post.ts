/** Tells the chain that a post found no quorum in time, with the signatures there were: so the event can name who was missing. */

import { attestationRelayAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeFunctionData } from 'viem'
import { isAppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import { currentAttempt } from '../chain/current-attempt.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { Post } from '../domain/post.ts'
import type { Store } from '../store/store.ts'
import type { Terms } from './tally-attestations.ts'

type Deps = { readonly store: Store; readonly sender: Pick<TransactionSender, 'send'> }

/**
 * Who may do it in the block after `head`: relays from the deadline on, others when the relays have had their time.
 * @param graceBlocks 0 for a relay.
 */
export function lapsesDue(store: Store, head: BlockRef, graceBlocks: number): Post[] {
  const next = head.number + 1
  return store.lifecycle.isPausedAt(next) ? [] : store.posts.overdue(next, graceBlocks)
}

/** Once for each time that the post waited. @param terms what was signed; may be none. @throws AppError TRANSACTION_FAILED · RPC_UNAVAILABLE */
export async function lapsePost(
  post: Post,
  terms: Terms | undefined,
  options: { readonly attestationRelay: Hex },
  deps: Deps,
): Promise<void> {
  const attempt = currentAttempt(deps.store.transactions, `lapse:${post.postId}:${post.waitingSinceBlock}`)
  if (attempt.state !== 'unsent' && attempt.state !== 'pending') return
  const send = (args: LapseArguments) =>
    deps.sender.send({
      key: attempt.key,
      to: options.attestationRelay,
      data: encodeFunctionData({ abi: attestationRelayAbi, functionName: 'lapse', args }),
    })
  const withoutSignatures: LapseArguments = [post.postId, 0n, 0n, [], []]
  if (terms === undefined) return void (await send(withoutSignatures))
  try {
    await send([
      post.postId,
      BigInt(terms.stakeEpoch),
      BigInt(terms.deadlineSeconds),
      terms.attestations.map(each => each.operator),
      terms.attestations.map(each => each.signature),
    ])
  } catch (error) {
    // The stake that was signed for may be too old by now, or a signer gone: the post lapses all the same.
    if (!isAppError(error, 'TRANSACTION_FAILED')) throw error
    await send(withoutSignatures)
  }
}

type LapseArguments = readonly [
  postId: Hex,
  stakeEpoch: bigint,
  deadline: bigint,
  operators: readonly number[],
  signatures: readonly Hex[],
]
