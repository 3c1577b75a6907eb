/** Which of the node's keys need money: those that are bound to pay for transactions, or have done so. */

import type { Hex } from '../base/hex.ts'
import type { OwnOperators } from '../custody/own-operators.ts'
import type { Store } from '../store/store.ts'

type Key = { readonly address: Hex }
type Keys = { readonly publisherKey: Key; readonly relayKey?: Key | undefined }
type Deps = {
  readonly operators: Pick<OwnOperators, 'list'>
  readonly store: Pick<Store, 'transactions' | 'posts'>
}

/**
 * An operator's key pays for answers, batches, seeds, reports and settlements until its stake is withdrawn, also while it is offline
 * for a while. A relay's pays for what it submits. A publisher's pays for nothing before it publishes; from then on also for settling
 * and closing its posts.
 */
export function payersOf({ publisherKey, relayKey }: Keys, { operators, store }: Deps): Hex[] {
  const bound = operators.list().flatMap(({ key, exit }) => (exit?.isWithdrawn === true ? [] : [key.address]))
  const relay = relayKey === undefined ? [] : [relayKey.address]
  const publisher = publisherKey.address
  const hasPublished = store.transactions.hasAny(publisher) || store.posts.hasAnyOf(publisher)
  return [...new Set([...bound, ...relay, ...(hasPublished ? [publisher] : [])])]
}
