/** Why a post's content must stay here. */

import { bitsOf, type Post, postState } from './post.ts'

/** `waiting`: operators may still be asked to attest it. `custody`: an own operator can be challenged about it, or could be after a reorg. */
export type PostDuty = 'waiting' | 'custody'

/** @param own indexes of this node's operators. @returns undefined when nobody here answers for it. */
export function dutyOf(
  post: Post,
  now: { readonly block: number; readonly epoch: number },
  own: ReadonlySet<number>,
): PostDuty | undefined {
  if (postState(post, now) === 'registered') return 'waiting'
  if (post.attestation === null) return undefined
  const isOwn = bitsOf(post.attestation.attesters).some(operator => own.has(operator))
  // The epoch after the last one with challenges still belongs to it: their deadlines may lie there.
  return isOwn && now.epoch <= post.attestation.endEpoch ? 'custody' : undefined
}
