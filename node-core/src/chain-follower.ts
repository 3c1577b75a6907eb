/** Ties the chain to the store: applies each block's events, undoes what a reorg took, and tells everybody who waits. */

import type { Alerts } from './alerts/alerts.ts'
import type { EventLog } from './api/event-log.ts'
import type { Clock } from './base/clock.ts'
import type { Hex } from './base/hex.ts'
import { cidFromDigest } from './blocks/cid.ts'
import { applyEvent } from './chain/apply-events.ts'
import type { ChainSource } from './chain/chain-source.ts'
import { decodeEvent } from './chain/decode-events.ts'
import type { Senders } from './chain/senders.ts'
import { shortenSettled } from './chain/shorten-settled.ts'
import { type ChainWatcherOptions, createChainWatcher } from './chain/watch-chain.ts'
import type { BlockRef } from './domain/block-ref.ts'
import type { ChainEvent } from './domain/chain-event.ts'
import type { Store } from './store/store.ts'
import type { Log } from './telemetry/log.ts'
import type { Metrics } from './telemetry/metrics.ts'
import { isGovernance, tellEvent } from './tell-event.ts'

/** One that was met while the process runs. */
export type SeenReorg = { readonly depth: number; readonly ancestor: number; readonly atMs: number }

type Options = { readonly chainId: number; readonly startBlock: number; readonly pollMs: number }
type Deps = {
  readonly store: Store
  readonly source: ChainSource
  readonly subscription?: ChainWatcherOptions['subscription']
  readonly senders: Pick<Senders, 'all'>
  readonly events: EventLog
  readonly alerts: Pick<Alerts, 'raise'>
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Whether this node answers for the operator. */
  readonly isOwnOperator: (operator: number) => boolean
  /** Whose transactions duties wait for at each head; all unless given. */
  readonly isFirst?: (sender: Hex) => boolean
  readonly onHead: (head: BlockRef) => void
  /** Governance changed what the node has read from the contracts. Not waited for: no head waits for that. */
  readonly onGovernance: () => void
  /** Nothing of the history held was the chain's: it is forgotten. */
  readonly onChainReplaced?: (() => void) | undefined
}
export type ChainFollower = ReturnType<typeof createChainFollower>

/** Of anvil and other development chains. */
const LOCAL_CHAIN_ID = 31_337
/** While catching up nobody needs to hear of each event: whoever listens asks again for what it shows. */
const MAX_UNTOLD = 1_000
/** So long a start waits for the head. A longer history is caught up behind the open doors; `/ready` tells when it is done. */
const CATCH_UP_TIMEOUT_MS = 60_000
/** Reorgs kept to be shown. */
const MAX_SEEN_REORGS = 50

export function createChainFollower(options: Options, deps: Deps) {
  const { store, events, log, metrics, isFirst = () => true } = deps
  /** For how long is counted by a clock that nobody sets back. */
  const timeNow = () => ({ ms: deps.clock.now(), elapsedMs: deps.clock.elapsedMs() })
  /** Events that are applied but not yet told, the newest `MAX_UNTOLD` of them: told once the head that they led to stands. */
  let applied: { readonly event: ChainEvent; readonly block: BlockRef }[] = []
  let reorgs = 0
  /** Newest first. */
  let seenReorgs: readonly SeenReorg[] = []
  /** When a head was seen that had not been seen before; at first, when the follower was made. */
  let headSeenAt = timeNow()
  let seenHead: Hex | undefined
  const firstHead = Promise.withResolvers<void>()

  const watcher = createChainWatcher({
    chainId: options.chainId,
    source: deps.source,
    subscription: deps.subscription,
    db: store.db,
    blocks: store.blocks,
    startBlock: options.startBlock,
    pollMs: options.pollMs,
    keepBlocks: 256,
    clock: deps.clock,
    log,
    onBlock(block, logs) {
      for (const raw of logs) {
        const event = decodeEvent(raw)
        if (event === undefined) continue
        applyEvent(store, event, block, (digest, codec) => cidFromDigest({ digest, codec }))
        if (event.kind === 'proofAccepted') noteConfirmed(event)
        applied.push({ event, block })
        if (applied.length > MAX_UNTOLD) applied.shift()
      }
    },
    onTooDeep(error) {
      log.error('resync', { code: error.code, data: error.data })
      const isAnotherChain = error.data.isAnotherChain === true
      // What was signed for a local chain that is gone means nothing on the next one. On the same chain it stays ours.
      if (isAnotherChain && options.chainId === LOCAL_CHAIN_ID) store.forgetChain()
      else store.blocks.clear()
      if (isAnotherChain) deps.onChainReplaced?.()
    },
    onReorg(undone, ancestor) {
      reorgs += 1
      const seen = { depth: undone.length, ancestor: ancestor.number, atMs: deps.clock.now() }
      seenReorgs = [seen, ...seenReorgs].slice(0, MAX_SEEN_REORGS)
      metrics.observe('emerald_reorg_depth_blocks', {}, undone.length)
      log.warn('reorg', { depth: undone.length, ancestor: ancestor.number })
      events.publish('reorg', null, { depth: undone.length, ancestor: ancestor.number })
    },
    async onHead(head) {
      // A transaction that was rolled back left its events here, but not its block.
      const standing = applied.filter(({ block }) => store.blocks.at(block.number)?.hash === block.hash)
      if (standing.some(({ event }) => isGovernance(event))) deps.onGovernance()
      const own: ReadonlySet<Hex> = new Set(deps.senders.all().map(sender => sender.address))
      for (const { event } of standing) tellEvent(event, own, deps)
      applied = []
      events.publish('head', head.hash, { number: head.number, timestamp: head.timestamp })
      // Who answers challenges comes before others. What stops one key's transactions stops no duty; the look counts as failed all the
      // same, and comes again.
      const failures: unknown[] = []
      const collect = (senders: readonly { onHead(head: BlockRef): Promise<void> }[]) =>
        Promise.all(senders.map(sender => sender.onHead(head).catch(error => void failures.push(error))))
      const { first = [], rest = [] } = Object.groupBy(deps.senders.all(), ({ address }) =>
        isFirst(address) ? 'first' : 'rest',
      )
      await collect(first)
      deps.onHead(head)
      shortenSettled(deps.store.transactions, head.number)
      if (head.hash !== seenHead) headSeenAt = timeNow()
      seenHead = head.hash
      firstHead.resolve()
      await collect(rest)
      if (failures.length > 0) throw failures[0]
    },
  })

  function noteConfirmed(event: ChainEvent & { readonly kind: 'proofAccepted' }): void {
    const ms = store.proofs.noteConfirmed(event, deps.clock.now())
    if (ms !== undefined) metrics.observe('emerald_proof_step_seconds', { step: 'confirm' }, ms / 1_000)
  }

  async function waitForFirstHead(): Promise<void> {
    const timer = new AbortController()
    const isLate = deps.clock.sleep(CATCH_UP_TIMEOUT_MS, timer.signal).then(
      () => true,
      () => false, // only `timer` ends it early
    )
    if (await Promise.race([firstHead.promise.then(() => false), isLate]))
      log.warn('chain_still_catching_up', { head: store.blocks.head()?.number, waitedMs: CATCH_UP_TIMEOUT_MS })
    timer.abort()
  }

  return {
    /** Resolves when the store has reached the chain's head once, or after `CATCH_UP_TIMEOUT_MS`. @throws as `ChainWatcher.start` */
    async start(): Promise<void> {
      await watcher.start()
      await waitForFirstHead()
    },
    state: () => watcher.state(),
    head: (): BlockRef | undefined => store.blocks.head(),
    reorgCount: (): number => reorgs,
    /** Newest first. */
    reorgs: (): readonly SeenReorg[] => seenReorgs,
    /** When the head last changed, for this node. */
    headSeenAtMs: (): number => headSeenAt.ms,
    /** Milliseconds since the head last changed, for this node. */
    headAgeMs: (): number => deps.clock.elapsedMs() - headSeenAt.elapsedMs,
    [Symbol.asyncDispose]: () => watcher[Symbol.asyncDispose](),
  }
}
