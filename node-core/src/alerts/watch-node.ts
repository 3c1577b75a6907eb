/**
 * Looks now and then at what no event tells: whether blocks still come, whether own keys still have money, and whether damaged blocks
 * still matter.
 */

import type { Clock } from '../base/clock.ts'
import type { Hex } from '../base/hex.ts'
import type { AlertCode } from '../contract/alert-codes.ts'
import { PACE_BLOCKS, secondsPerBlock } from '../domain/block-pace.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { AlertRecord } from '../store/alerts-table.ts'
import type { Store } from '../store/store.ts'
import type { Log } from '../telemetry/log.ts'
import type { Alerts } from './alerts.ts'
import { type Fees, judgeBalance } from './judge-balance.ts'
import { isHeadStale } from './judge-head.ts'

type Deps = {
  readonly store: Pick<Store, 'blocks' | 'alerts'>
  readonly alerts: Pick<Alerts, 'raise' | 'resolve'>
  readonly clock: Clock
  readonly log: Log
  /** Keys that need money: see `payers.ts`. */
  readonly payers: () => readonly Hex[]
  readonly maxFeePerGasWei: bigint
  /** @throws AppError RPC_UNAVAILABLE, as `fees` */
  readonly balanceOf: (address: Hex) => Promise<bigint>
  readonly fees: () => Promise<Fees>
  /** Which of these blocks belong to content that is to be kept; undefined when that can't be told now. */
  readonly neededBlocks: (cids: readonly string[]) => Promise<ReadonlySet<string> | undefined>
  /** Whether own challenges are open: then silence is dangerous. */
  readonly hasOpenDuties: () => boolean
}

const LOOK_MS = 5_000
/** Of the looks at balances. */
const BALANCE_MS = 60_000
/** Of the looks at damaged blocks, while there are any: every kept file's tree is read. Nothing is urgent about the end of a need. */
const DAMAGE_MS = 600_000

export function createNodeWatch(deps: Deps) {
  const { store, alerts, clock, log } = deps
  const stopping = new AbortController()
  const { signal } = stopping
  const stopped = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
  /** `elapsedMs` decides; the time of day is what people are told. */
  let seenAt = { elapsedMs: clock.elapsedMs(), ms: clock.now() }
  /** What the store knows from before a restart is no news. */
  let seen = store.blocks.head()?.hash
  let balancesAtMs = Number.NEGATIVE_INFINITY
  let damageAtMs = Number.NEGATIVE_INFINITY
  let running: Promise<void> | undefined

  /** What lasts is told again when it changed, not at every look. */
  function openOf(code: AlertCode, subject: string): AlertRecord | undefined {
    const told = store.alerts.latest(code, subject)
    return told?.resolvedAtMs === null ? told : undefined
  }

  function noteHead(hash: Hex | undefined): void {
    if (hash === undefined || hash === seen) return
    seen = hash
    seenAt = { elapsedMs: clock.elapsedMs(), ms: clock.now() }
    alerts.resolve('HEAD_STALE', 'chain')
  }

  function watchHead(): void {
    noteHead(store.blocks.head()?.hash) // while the node catches up blocks come, and none of them is told as the head
    const pace = secondsPerBlock(store.blocks.tail(PACE_BLOCKS))
    if (!isHeadStale({ nowMs: clock.elapsedMs(), seenAtMs: seenAt.elapsedMs, secondsPerBlock: pace })) return
    const severity = deps.hasOpenDuties() ? 'critical' : 'warning'
    const told = openOf('HEAD_STALE', 'chain')
    if (told?.severity === severity) return
    const sinceAt = told?.data.sinceAt ?? new Date(seenAt.ms).toISOString() // told before a restart, it is longer ago
    const data = { sinceAt, block: store.blocks.head()?.number ?? 0 }
    alerts.raise({ code: 'HEAD_STALE', severity, subject: 'chain', data })
  }

  async function watchBalances(): Promise<void> {
    if (clock.elapsedMs() - balancesAtMs < BALANCE_MS) return
    balancesAtMs = clock.elapsedMs()
    const payers = deps.payers()
    for (const { subject } of store.alerts.open('BALANCE_LOW'))
      if (!payers.some(address => address === subject)) alerts.resolve('BALANCE_LOW', subject)
    const market = await deps.fees()
    signal.throwIfAborted()
    for (const address of payers) {
      const balanceWei = await deps.balanceOf(address)
      signal.throwIfAborted()
      const told = openOf('BALANCE_LOW', address)
      const { maxFeePerGasWei } = deps
      const found = judgeBalance({ balanceWei, market, maxFeePerGasWei, told: told?.severity })
      if (found === undefined) alerts.resolve('BALANCE_LOW', address)
      else {
        const { severity, answersLeft } = found
        const data = { address, balanceWei: balanceWei.toString(), answersLeft }
        if (told?.severity !== severity || told.data.balanceWei !== data.balanceWei)
          alerts.raise({ code: 'BALANCE_LOW', severity, subject: address, data })
      }
    }
  }

  /** A block that is stored again ends its alert by itself; here ends that of one that no content needs any more. */
  async function watchDamage(): Promise<void> {
    if (clock.elapsedMs() - damageAtMs < DAMAGE_MS) return
    const damaged = store.alerts.open('STORAGE_CORRUPT').map(({ subject }) => subject)
    if (damaged.length === 0) return
    damageAtMs = clock.elapsedMs()
    const needed = await deps.neededBlocks(damaged)
    signal.throwIfAborted()
    if (needed !== undefined) for (const cid of damaged) if (!needed.has(cid)) alerts.resolve('STORAGE_CORRUPT', cid)
  }

  /** What fails is asked again after the pause. */
  const unlessStopped = (event: string) => (error: unknown) => {
    if (!signal.aborted) log.warn(event, { err: error })
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        watchHead()
      } catch (error) {
        log.error('head_unwatched', { err: error }) // what the store refuses now is looked at again after the pause
      }
      const looked = watchBalances().catch(unlessStopped('balances_unknown'))
      // A disk that dies may take for ever to read: nothing else waits for that.
      void watchDamage().catch(unlessStopped('damage_unknown'))
      await Promise.race([looked, stopped]) // a stop does not wait for an endpoint
      await clock.sleep(LOOK_MS, signal).catch(() => undefined) // only the abort ends it early
    }
  }

  return {
    start(): void {
      running ??= run()
    },
    onHead: (head: BlockRef): void => noteHead(head.hash),
    async [Symbol.asyncDispose](): Promise<void> {
      stopping.abort()
      await running
    },
  }
}
