/** The overview: one sentence about the node, then the figures behind it. */

import type { Overview, Verdict } from '../contract/shapes.ts'
import { challengeIdOf } from '../domain/challenge.ts'
import { epochAt, firstBlockOf, seedBlockOf } from '../domain/epoch.ts'
import type { Outcome } from '../store/challenges-table.ts'
import type { AcceptedProof } from '../store/proofs-table.ts'
import { challengeView } from './challenge-view.ts'
import { headNumber, type NodeView, toIso } from './node-view.ts'

const RECENT_PROOFS = 60

export function overviewView(view: NodeView, operator: number | undefined): Overview {
  const { store, operators, follower } = view.engine
  const head = follower.head()
  const own = new Set(operators.list().map(each => each.index))
  const isShown = (index: number): boolean => own.has(index) && (operator === undefined || operator === index)
  const shown = store.operators.list().filter(each => isShown(each.index))
  const epoch = store.challenges.latestEpoch()
  const isOpen = epoch !== undefined && headNumber(view) < epoch.closesAtBlock
  const open = isOpen
    ? store.challenges.unanswered(
        epoch.epoch,
        shown.map(each => each.index),
      )
    : []
  const [next] = open
  const nextStored = next === undefined ? undefined : store.challenges.get(next)
  const recent = store.proofs
    .page({ operator }, null, RECENT_PROOFS)
    .map(each => each.proof)
    .filter(each => isShown(each.operator))
  const latencies = recent.flatMap(proof => latencyOf(view, proof)).reverse()
  const counts = store.posts.counts()
  const indexes = shown.map(each => each.index)
  const outcome = store.challenges.outcomes(indexes)
  return {
    verdict: verdictOf(view, {
      postCount: counts.total,
      openCount: open.length,
      missed: outcome.missed,
      lastDue: store.challenges.lastDue(indexes, headNumber(view)),
      lastProof: recent[0],
    }),
    head: head === undefined ? null : { number: head.number, hash: head.hash, at: toIso(head.timestamp * 1_000) },
    epoch: epochView(view),
    pause: pauseView(view),
    nextDuty: nextStored === undefined ? null : challengeView(view, nextStored),
    posts: counts,
    challenges: { open: open.length, ...outcome },
    stakeWei: shown.reduce((sum, each) => sum + each.stakeWei, 0n).toString(),
    slashedWei: shown.reduce((sum, each) => sum + each.slashedWei, 0n).toString(),
    gasSpentWei: store.transactions.gasSpentWei().toString(),
    lastProofAt: recent[0] === undefined ? null : toIso(recent[0].acceptedAt * 1_000),
    proofMs: spread(latencies.map(each => each.ms)),
    recentLatencies: latencies,
  }
}

type Facts = {
  readonly postCount: number
  readonly openCount: number
  /** Ever. */
  readonly missed: number
  readonly lastDue: Outcome
  readonly lastProof: AcceptedProof | undefined
}

function verdictOf(view: NodeView, { postCount, openCount, missed, lastDue, lastProof }: Facts): Verdict {
  const { isReachable } = view.engine.follower.state()
  if (!isReachable) return { level: 'bad', code: 'CHAIN_UNREACHABLE', data: {} }
  if (postCount === 0) return { level: 'idle', code: 'NO_POSTS', data: {} }
  if (lastDue.missed > 0) return { level: 'bad', code: 'DUTY_MISSED', data: { missed } }
  if (lastDue.proven < lastDue.challenged) return { level: 'bad', code: 'DUTY_OVERDUE', data: {} }
  if (lastProof === undefined)
    return { level: 'idle', code: openCount > 0 ? 'DUTY_OPEN' : 'WAITING_FOR_FIRST_PROOF', data: { open: openCount } }
  const at = toIso(lastProof.acceptedAt * 1_000)
  const data = { block: lastProof.blockNumber, at, open: openCount, missed }
  return areSeedsComing(view)
    ? { level: 'ok', code: 'BYTES_SAFE', data }
    : { level: 'attention', code: 'DUTY_OPEN', data }
}

/** One epoch may go by without a seed, and the one of now may still wait for its own; without seeds nothing is proven. */
function areSeedsComing(view: NodeView): boolean {
  const latest = view.engine.store.challenges.latestEpoch()
  return latest !== undefined && epochAt(view.engine.protocol.schedule, headNumber(view)) - latest.epoch <= 2
}

/** As the next block meets it. */
function pauseView(view: NodeView): Overview['pause'] {
  const pause = view.engine.store.lifecycle.lastPause()
  if (pause === undefined || headNumber(view) >= pause.untilBlock) return null
  return { sinceBlock: pause.fromBlock, untilBlock: pause.untilBlock }
}

function epochView(view: NodeView): Overview['epoch'] {
  const { schedule } = view.engine.protocol
  const { store } = view.engine
  const head = headNumber(view)
  if (head < schedule.firstBlock) return null
  const number = epochAt(schedule, head)
  const known = store.challenges.epoch(number)
  const firstBlock = firstBlockOf(schedule, number)
  const seedBlock = seedBlockOf(schedule, number)
  return {
    number,
    firstBlock,
    lastBlock: firstBlock + schedule.length - 1,
    seedBlock,
    deadlineBlock: known?.closesAtBlock ?? seedBlock + schedule.finaliseWithin,
    isSeedKnown: known !== undefined,
  }
}

function latencyOf(view: NodeView, proof: AcceptedProof): { id: string; ms: number }[] {
  const salt = view.engine.store.challenges.get(proof)?.challenge.salt
  const timings = salt === undefined ? undefined : view.engine.store.proofs.answer(proof, salt)?.timings
  if (timings === undefined || timings === null) return []
  return [
    {
      id: challengeIdOf(proof),
      ms: timings.deriveMs + timings.readMs + timings.foldMs + timings.openMs + timings.sendMs + timings.confirmMs,
    },
  ]
}

function spread(values: readonly number[]): { median: number; p95: number } | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return { median: at(0.5), p95: at(0.95) }
}
