/** Gets one block from whichever HTTP source has it first: the best is asked first, others when it fails or takes long. */

import type { CID } from 'multiformats/cid'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { BlockSource } from './block-source.ts'
import type { FetchAttempt } from './fetch-block.ts'
import { BlockRefused } from './request-block.ts'

export type SourcedBlock = { readonly bytes: Uint8Array; readonly source: string }
type AskedSource = Pick<BlockSource, 'name' | 'fetch' | 'isUsable' | 'expectedMs'>
type Options = { readonly signal: AbortSignal; readonly clock: Clock }

/** How long one may take before the next is asked too. A guess: a block of 1 MiB over 10 Mbit/s. */
const PATIENCE_MS = 1_000
/** Asked at once for one block. */
const MAX_ASKED = 3

type Outcome = { readonly block: SourcedBlock } | { readonly attempt: FetchAttempt }

/**
 * @param sources in order of preference, which holds among those of which nothing is known.
 * @throws AppError IPFS_FETCH_FAILED {blockCid, gateway, reason, attempts}: the last one that was asked, why not, and all of them; the
 *   signal's reason when the caller gave up.
 */
export async function fetchFromSources(
  sources: readonly AskedSource[],
  cid: CID,
  { signal, clock }: Options,
): Promise<SourcedBlock> {
  const done = new AbortController()
  const either = AbortSignal.any([signal, done.signal])
  const waiting = ranked(sources)
  const attempts: FetchAttempt[] = []
  const lanes = new Set<Promise<Outcome>>()
  const start = (source: AskedSource): void => {
    const lane = ask(source, cid, either).finally(() => lanes.delete(lane))
    lanes.add(lane)
    lane.catch(() => undefined) // looked at below, unless another one was first
  }
  try {
    for (;;) {
      const next = lanes.size < MAX_ASKED ? waiting.shift() : undefined
      if (next !== undefined) start(next)
      if (lanes.size === 0) throw notFetched(cid, attempts)
      const outcome = await firstOf(lanes, waiting.length > 0 && lanes.size < MAX_ASKED, clock)
      signal.throwIfAborted()
      if (outcome === undefined) continue
      if ('block' in outcome) return outcome.block
      attempts.push(outcome.attempt)
    }
  } finally {
    done.abort()
  }
}

/** @returns undefined when the patience is over first. */
async function firstOf(
  lanes: ReadonlySet<Promise<Outcome>>,
  hasMore: boolean,
  clock: Clock,
): Promise<Outcome | undefined> {
  if (!hasMore) return Promise.race(lanes)
  const decided = new AbortController()
  const patience = clock.sleep(PATIENCE_MS, decided.signal).then(
    () => undefined,
    () => undefined,
  )
  try {
    return await Promise.race([...lanes, patience])
  } finally {
    decided.abort()
  }
}

async function ask(source: AskedSource, cid: CID, signal: AbortSignal): Promise<Outcome> {
  try {
    return { block: { bytes: await source.fetch(cid, signal), source: source.name } }
  } catch (error) {
    if (!(error instanceof BlockRefused)) throw error
    return { attempt: { source: source.name, code: error.code, reason: error.message } }
  }
}

/** Those left alone for now come last: when nobody else has the block, their reason is told too. */
const ranked = (sources: readonly AskedSource[]): AskedSource[] =>
  sources.toSorted((a, b) => Number(b.isUsable()) - Number(a.isUsable()) || a.expectedMs() - b.expectedMs())

function notFetched(cid: CID, attempts: readonly FetchAttempt[]): AppError {
  const last = attempts.at(-1)
  const { source = null, reason = 'there is no source' } = last ?? {}
  return new AppError('IPFS_FETCH_FAILED', { blockCid: cid.toString(), gateway: source, reason, attempts })
}
