/**
 * Submits what this node's own operators signed when the relays are silent and that alone is a quorum: from `relayGrace` blocks after
 * a registration on, anybody may.
 */

import type { Protocol } from '../chain/read-protocol.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import type { AttestationDomain } from '../domain/attestation.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { Store } from '../store/store.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { createPacedTasks } from './paced-tasks.ts'
import { submitAttestations } from './submit-attestations.ts'
import { createTallies, hasQuorum, termsKey } from './tally-attestations.ts'

/**
 * Blocks in which a relay could have submitted the same quorum, with those who were later: whoever is not in the submission is no
 * attester of the post for good. A relay waits four blocks for them.
 */
const SILENCE_BLOCKS = 10
/** Nearer to the deadline there is no time to wait. */
const LAST_BLOCKS = 10

type Options = { readonly domain: AttestationDomain; readonly protocol: Protocol }
type Deps = {
  readonly store: Store
  /** Who pays; undefined when no operator is at work. */
  readonly sender: () => Pick<TransactionSender, 'send'> | undefined
  readonly metrics: Pick<Metrics, 'count'>
  readonly onFailure: (postId: string, error: unknown) => void
}

export function createOwnSubmissions({ domain, protocol }: Options, deps: Deps) {
  const { store } = deps
  const tasks = createPacedTasks(deps.onFailure)
  /** First head at which own operators alone were a quorum, by terms. */
  let quorumSince: ReadonlyMap<string, number> = new Map()

  function onHead(head: BlockRef): void {
    const sender = deps.sender()
    if (sender === undefined || store.lifecycle.isPausedAt(head.number + 1)) return
    const since = new Map<string, number>()
    const tallies = createTallies({ protocol }, store, head)
    for (const post of store.posts.openToAnybody(head.number + 1, protocol.relayGraceBlocks)) {
      const newest = tallies
        .of(post, store.signedAttestations.ofPost(post.postId))
        .find(each => hasQuorum(each, protocol.quorumBps))
      if (newest === undefined) continue
      const first = quorumSince.get(termsKey(newest)) ?? head.number
      since.set(termsKey(newest), first)
      const dueAt = Math.min(first + SILENCE_BLOCKS, post.attestationDeadlineBlock - LAST_BLOCKS)
      if (head.number < dueAt) continue
      tasks.run(post.postId, head, () =>
        submitAttestations(
          newest,
          post.attestationDeadlineBlock,
          { ...domain, by: 'operator' },
          { store, sender, metrics: deps.metrics },
        ),
      )
    }
    quorumSince = since
  }

  return { onHead }
}
