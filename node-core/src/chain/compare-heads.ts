/** Asks all endpoints of a pool for their newest block and judges whom to believe; fast ones don't wait long for slow ones. */

import { toHex } from 'viem'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { Log } from '../telemetry/log.ts'
import { commonNumber, type HeadVerdict, judgeHeads } from './judge-heads.ts'
import { resultOf } from './rpc-client.ts'
import type { RpcEndpoint } from './rpc-endpoint.ts'
import * as shapes from './rpc-shapes.ts'

/** `silent`: it did not show its head in time, or not yet. */
export type Standing = HeadVerdict | 'silent'

/** What is known of an endpoint's head. `block` is the answer as it came. */
type Shown = { readonly head: BlockRef; readonly block: unknown; readonly movedAtMs: number }
type Watched = {
  readonly endpoint: RpcEndpoint
  standing: Standing
  shown: Shown | undefined
  /** The request for its head that is still under way. */
  asking: Promise<Shown | undefined> | undefined
  /** Its block at a number, as long as its head stays the same. */
  common: { readonly of: Hex; readonly number: number; readonly hash: Hex } | undefined
}

export type HeadComparison = ReturnType<typeof createHeadComparison>

/** So long the first two answers wait for the others. A guess: longer than the way around the world. */
const GRACE_MS = 400

export function createHeadComparison(
  endpoints: readonly RpcEndpoint[],
  { maxLagBlocks, clock, log }: { readonly maxLagBlocks: number; readonly clock: Clock; readonly log: Log },
) {
  const all = new Map(
    endpoints.map(endpoint => {
      const watched: Watched = { endpoint, standing: 'silent', shown: undefined, asking: undefined, common: undefined }
      return [endpoint, watched]
    }),
  )

  async function askHead(watched: Watched): Promise<Shown | undefined> {
    try {
      const params = ['latest', false]
      const answer = await watched.endpoint.ask('eth_getBlockByNumber', params, value => void headIn(value))
      const block = resultOf('eth_getBlockByNumber', answer)
      const head = headIn(block)
      const { shown } = watched
      const movedAtMs = shown === undefined || head.number > shown.head.number ? clock.elapsedMs() : shown.movedAtMs
      watched.shown = { head, block, movedAtMs }
      return watched.shown
    } catch {
      return undefined // the endpoint has counted and told it; without a head it is `silent`
    } finally {
      watched.asking = undefined
    }
  }

  async function askCommon(watched: Watched, { head }: Shown, number: number): Promise<Hex | undefined> {
    if (head.number === number) return head.hash
    if (head.number < number) return undefined
    if (watched.common?.of === head.hash && watched.common.number === number) return watched.common.hash
    try {
      const params = [toHex(number), false]
      const answer = await watched.endpoint.ask('eth_getBlockByNumber', params, value => void headIn(value))
      const { hash } = headIn(resultOf('eth_getBlockByNumber', answer))
      watched.common = { of: head.hash, number, hash }
      return hash
    } catch {
      return undefined // counted and told there; it has no say in this comparison
    }
  }

  function setStanding(watched: Watched, standing: Standing): void {
    if (watched.standing === standing) return
    const { host } = watched.endpoint
    const fields = { host, from: watched.standing, to: standing, head: watched.shown?.head.number }
    if (standing === 'disputed') log.warn('rpc_endpoint_disputed', fields)
    else log.info('rpc_endpoint_standing', fields)
    watched.standing = standing
  }

  return {
    standingOf: (endpoint: RpcEndpoint): Standing => all.get(endpoint)?.standing ?? 'silent',
    headOf: (endpoint: RpcEndpoint): BlockRef | undefined => all.get(endpoint)?.shown?.head,
    /** The newest block as the endpoint gave it. */
    blockOf: (endpoint: RpcEndpoint): unknown => all.get(endpoint)?.shown?.block,
    /** Bounded by the endpoints' own time limit; never throws. */
    async compare(): Promise<void> {
      const usable = [...all.values()].filter(watched => watched.asking !== undefined || watched.endpoint.isUsable())
      const answers = usable.map(async watched => {
        watched.asking ??= askHead(watched)
        return { watched, shown: await watched.asking }
      })
      const expected = usable.filter(watched => watched.standing !== 'silent').length
      const showing = (await settledInTime(answers, expected, clock)).flatMap(({ watched, shown }) =>
        shown === undefined ? [] : [{ watched, shown }],
      )
      const number = commonNumber(
        showing.map(each => each.shown),
        maxLagBlocks,
      )
      const hashes = await Promise.all(
        showing.map(({ watched, shown }) => (number === undefined ? undefined : askCommon(watched, shown, number))),
      )
      const heads = showing.map(({ shown }, at) => ({ ...shown, commonHash: hashes[at] }))
      const verdicts = new Map(
        judgeHeads(heads, maxLagBlocks, clock.elapsedMs()).map((verdict, at) => [showing[at]?.watched, verdict]),
      )
      for (const watched of all.values()) setStanding(watched, verdicts.get(watched) ?? 'silent')
    },
  }
}

/** @throws AppError RPC_UNAVAILABLE */
function headIn(value: unknown): BlockRef {
  const head = shapes.parseAnswer(shapes.blockRef, value, 'eth_getBlockByNumber')
  if (head === null) throw new AppError('RPC_UNAVAILABLE', { reason: 'the endpoint has no such block' })
  return head
}

/**
 * @param expected how many answered the last time: nobody waits for long for one that was silent then.
 * @returns what came until a while after the first two, or the only one expected, that tell something.
 */
async function settledInTime<T extends { readonly shown: unknown }>(
  answers: readonly Promise<T>[],
  expected: number,
  clock: Clock,
): Promise<readonly T[]> {
  const settled: T[] = []
  const enough = Promise.withResolvers<void>()
  const whole = Promise.all(
    answers.map(async answer => {
      settled.push(await answer)
      if (settled.filter(each => each.shown !== undefined).length >= Math.min(2, Math.max(1, expected)))
        enough.resolve()
    }),
  )
  const timer = new AbortController()
  const late = enough.promise.then(() => clock.sleep(GRACE_MS, timer.signal)).catch(() => undefined) // only `timer` ends it early
  await Promise.race([whole, late])
  timer.abort()
  return [...settled]
}
