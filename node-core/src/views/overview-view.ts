/** The overview: one sentence about the node, then the figures behind it. */

import type { Overview, Verdict } from '../contract/shapes.ts'
import { challengeIdOf } from '../domain/challenge.ts'
import { epochAt, firstBlockOf, seedBlockOf } from '../domain/epoch.ts'
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
  const outcome = store.challenges.outcomes(shown.map(each => each.index))
  return {
    verdict: verdictOf(view, {
      postCount: counts.total,
      openCount: open.length,
      missed: outcome.missed,
      lastProof: recent[0],
    }),
    head: head === undefined ? null : { number: head.number, hash: head.hash, at: toIso(head.timestamp * 1_000) },
    epoch: epochView(view),
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

function verdictOf(
  view: NodeView,
  facts: { postCount: number; openCount: number; missed: number; lastProof: AcceptedProof | undefined },
): Verdict {
  const { isReachable } = view.engine.follower.state()
  const { lastProof } = facts
  if (!isReachable) return { level: 'bad', code: 'CHAIN_UNREACHABLE', data: {} }
  if (facts.postCount === 0) return { level: 'idle', code: 'NO_POSTS', data: {} }
  if (facts.missed > 0 && isRecent(view, lastProof) === false)
    return { level: 'bad', code: 'DUTY_MISSED', data: { missed: facts.missed } }
  if (lastProof === undefined)
    return {
      level: 'idle',
      code: facts.openCount > 0 ? 'DUTY_OPEN' : 'WAITING_FOR_FIRST_PROOF',
      data: { open: facts.openCount },
    }
  const data = {
    block: lastProof.blockNumber,
    at: toIso(lastProof.acceptedAt * 1_000),
    open: facts.openCount,
    missed: facts.missed,
  }
  return isRecent(view, lastProof)
    ? { level: 'ok', code: 'BYTES_SAFE', data }
    : { level: 'attention', code: 'DUTY_OPEN', data }
}

/** The last proof is at most two epochs old: with a challenge in each epoch, an older one means that something is wrong. */
function isRecent(view: NodeView, proof: AcceptedProof | undefined): boolean {
  const { length } = view.engine.protocol.schedule
  return proof !== undefined && headNumber(view) - proof.blockNumber <= 2 * length
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
      ms: timings.deriveMs + timings.readMs + timings.openMs + timings.sendMs + timings.confirmMs,
    },
  ]
}

function spread(values: readonly number[]): { median: number; p95: number } | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return { median: at(0.5), p95: at(0.95) }
}
