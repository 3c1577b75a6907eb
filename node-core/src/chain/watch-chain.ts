/** Keeps the store at the head of the chain: looks again and again, one look at a time, and backs off while the chain is away. */

import { type AppError, isAppError, toAppError } from '../base/app-error.ts'
import { backoffMs } from '../base/backoff.ts'
import type { Clock } from '../base/clock.ts'
import type { Hex } from '../base/hex.ts'
import { createTraceId } from '../base/trace-id.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { BlocksTable } from '../store/blocks-table.ts'
import type { Db } from '../store/database.ts'
import type { Log } from '../telemetry/log.ts'
import { abortableSource } from './abortable-source.ts'
import type { ChainSource } from './chain-source.ts'
import { type BlockCallbacks, createBlockCommitter } from './commit-blocks.ts'
import { createHeadPace } from './head-pace.ts'
import type { HeadSubscription } from './head-subscription.ts'
import { createChainSync } from './sync-chain.ts'
import type { ChainIdentity } from './verify-chain.ts'

export type ChainWatcherOptions = ChainIdentity &
  BlockCallbacks & {
    readonly source: ChainSource
    readonly db: Db
    readonly blocks: BlocksTable
    /** Between two looks. */
    readonly pollMs: number
    /** Whoever tells of new heads: each time is a reason to look at once. Meanwhile looks without a reason are few. */
    readonly subscription?: Pick<HeadSubscription, 'listen' | 'isLive'> | undefined
    /** How far below the head blocks without events are held, and so how deep a reorg may be. */
    readonly keepBlocks?: number
    /** Most blocks asked for at once while catching up. */
    readonly backfillRange?: number
    /** After the commit. `undone` newest first; the new branch's first blocks stand already. */
    readonly onReorg?: (undone: readonly BlockRef[], ancestor: BlockRef) => void
    /** After the commit, once for each new head, also for the one found at start; called again until it succeeds. */
    readonly onHead?: (head: BlockRef) => void | Promise<void>
    /**
     * The history held is not the chain's: a reorg below the oldest block, or another chain under the same id. If this clears the
     * blocks, the watcher starts afresh from the start block; else it goes on asking.
     */
    readonly onTooDeep?: (error: AppError) => void
    readonly clock: Clock
    readonly log: Log
  }

export type ChainState = {
  /** The newest block held. */
  readonly head: BlockRef | undefined
  /** Blocks between the newest one held and the chain's; undefined until the chain was reached. */
  readonly lagBlocks: number | undefined
  readonly isReachable: boolean
  /** Of the last look, if it failed. */
  readonly lastError: AppError | undefined
}

export type ChainWatcher = AsyncDisposable & {
  /**
   * Checks that it is the right chain, then follows it in the background.
   * @throws AppError CHAIN_ID_MISMATCH · RPC_UNAVAILABLE · REORG_TOO_DEEP (after `onTooDeep`); nothing runs then.
   */
  start(): Promise<void>
  state(): ChainState
}

const MAX_BACKOFF_MS = 15_000
/** Between two looks while a subscription tells of new heads. */
const SLOW_POLL_MS = 4_000
/** Between two looks that were asked for: nobody keeps the watcher busy by telling much. */
const MIN_PAUSE_MS = 20

export function createChainWatcher(options: ChainWatcherOptions): ChainWatcher {
  const { blocks, clock, log, pollMs, subscription, keepBlocks = 256, backfillRange = 2_000 } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const source = abortableSource(options.source, signal)
  const commit = createBlockCommitter({ ...options, signal })
  const sync = createChainSync({ ...options, source, commit, keepBlocks, backfillRange })

  let isVerified = false
  let isReachable = false
  let chainHead: number | undefined
  let lastError: AppError | undefined
  /** Hash of the head that `onHead` has heard of. */
  let toldHead: Hex | undefined
  let running: Promise<void> | undefined
  const pace = createHeadPace({ pollMs, slowPollMs: SLOW_POLL_MS, isLive: () => subscription?.isLive() ?? false })
  /** A head was told of since the last look began. */
  let isTold = false
  let resting: AbortController | undefined

  function lookNow(number: number): void {
    isTold = true
    pace.told(number)
    if (pace.mayHurry()) resting?.abort()
  }

  async function verify(): Promise<void> {
    if (isVerified) return
    await sync.verify()
    isVerified = true
  }

  async function look(): Promise<void> {
    await verify()
    const head = await source.head()
    chainHead = head.number
    isReachable = true
    await sync.step(head)
    const held = blocks.head()
    if (held === undefined || held.hash === toldHead) return
    await options.onHead?.(held)
    toldHead = held.hash
  }

  function fail(cause: unknown): AppError {
    const error = toAppError(cause)
    lastError = error
    isVerified = false
    if (isAppError(error, 'RPC_UNAVAILABLE') || isAppError(error, 'CHAIN_ID_MISMATCH')) isReachable = false
    if (isAppError(error, 'REORG_TOO_DEEP')) options.onTooDeep?.(error)
    return error
  }

  /** Ends early when a head is told of; a watcher that backs off is not hurried. */
  async function rest(failures: number): Promise<void> {
    if (failures > 0) {
      const pauseMs = backoffMs(failures, { baseMs: Math.max(pollMs, 100), maxMs: MAX_BACKOFF_MS })
      return clock.sleep(pauseMs, signal)
    }
    const shortest = Math.min(pollMs, MIN_PAUSE_MS)
    await clock.sleep(shortest, signal)
    const leftMs = pace.restMs() - shortest
    if ((isTold && pace.mayHurry()) || leftMs <= 0) return
    resting = new AbortController()
    await clock.sleep(leftMs, AbortSignal.any([signal, resting.signal])).catch(() => undefined) // told, or stopped
    resting = undefined
  }

  async function run(): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const before = blocks.head()?.hash
      const wasTold = isTold
      isTold = false
      try {
        await log.inTrace(createTraceId(), look)
        const held = blocks.head()
        pace.looked(wasTold, held?.hash !== before, held?.number ?? 0)
        if (failures > 0) log.info('chain_recovered', { failures })
        failures = 0
        lastError = undefined
      } catch (cause) {
        if (signal.aborted) return
        failures = blocks.head()?.hash === before ? failures + 1 : 1 // a look that got further is no reason to slow down
        const error = fail(cause)
        log.warn('chain_look_failed', { code: error.code, failures, err: error })
      }
      await rest(failures).catch(() => undefined) // only the abort ends it so
    }
  }

  return {
    async start() {
      if (running !== undefined) return
      try {
        await verify()
      } catch (cause) {
        throw fail(cause)
      }
      subscription?.listen(lookNow)
      running = run()
    },
    state() {
      const head = blocks.head()
      const lagBlocks = chainHead === undefined ? undefined : Math.max(0, chainHead - (head?.number ?? 0))
      return { head, lagBlocks, isReachable, lastError }
    },
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await running
    },
  }
}
