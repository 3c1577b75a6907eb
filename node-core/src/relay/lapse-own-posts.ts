/** Closes posts of this node's publisher that found no quorum, when the relays did not: it can reopen them then. */

import type { Hex } from '../base/hex.ts'
import type { Protocol } from '../chain/read-protocol.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { Store } from '../store/store.ts'
import { lapsePost, lapsesDue } from './lapse-post.ts'
import { createPacedTasks } from './paced-tasks.ts'

type Options = {
  readonly publisher: Hex
  readonly protocol: Pick<Protocol, 'relayGraceBlocks'>
  readonly attestationRelay: Hex
}
type Deps = {
  readonly store: Store
  readonly sender: Pick<TransactionSender, 'send'>
  readonly onFailure: (postId: string, error: unknown) => void
}

export function createOwnLapses(options: Options, deps: Deps) {
  const tasks = createPacedTasks(deps.onFailure)
  return {
    onHead(head: BlockRef): void {
      for (const post of lapsesDue(deps.store, head, options.protocol.relayGraceBlocks))
        if (post.publisher === options.publisher)
          tasks.run(post.postId, head, () => lapsePost(post, undefined, options, deps))
    },
  }
}
