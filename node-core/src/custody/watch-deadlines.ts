/**
 * Tells the operator of own challenges whose deadline comes near, and of those that were missed.
 *
 * Like duties these are found by looking: at each head the tables say what is open, missed, proven or taken back, so a restart or a
 * reorg changes nothing about what is told.
 */

import type { Alerts } from '../alerts/alerts.ts'
import { ALERT_SEVERITIES, type AlertSeverity } from '../contract/alert-codes.ts'
import { PACE_BLOCKS, secondsPerBlock } from '../domain/block-pace.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import { type Challenge, challengeIdOf } from '../domain/challenge.ts'
import type { AlertData } from '../store/alerts-table.ts'
import type { ReportedMiss } from '../store/missed-challenges.ts'
import type { Store } from '../store/store.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { aboutChallenge } from './about-challenge.ts'
import { blocksLeft, judgeDeadline } from './judge-deadline.ts'
import type { OwnOperators } from './own-operators.ts'

export type Missed = Pick<Challenge, 'postId' | 'epoch' | 'operator' | 'salt'>
type Deps = {
  readonly store: Store
  readonly operators: Pick<OwnOperators, 'list'>
  readonly alerts: Pick<Alerts, 'raise' | 'resolve'>
  readonly metrics: Pick<Metrics, 'count'>
  readonly now: () => number
  /** Called at each head while the evidence that is kept lacks what is known by now. */
  readonly keepEvidence: (missed: Missed, isReported: boolean) => void
}

/** A guess: whoever misses more needs no line for each of them, and a head must not take long. */
const MAX_WATCHED = 500

export function createDeadlineWatch({ store, operators, alerts, metrics, now, keepEvidence }: Deps) {
  function resolveOvertaken(epoch: number): void {
    for (const { subject } of store.alerts.overtaken('DEADLINE_NEAR', epoch)) alerts.resolve('DEADLINE_NEAR', subject)
    for (const code of ['CHALLENGE_MISSED', 'CHALLENGE_MISDERIVED'] as const)
      for (const { subject } of store.alerts.overtaken(code)) alerts.resolve(code, subject)
    for (const { subject } of store.alerts.unslashed()) alerts.resolve('OPERATOR_SLASHED', subject)
  }

  function watchOpen(challenge: Challenge, head: BlockRef): void {
    const step = judgeDeadline(challenge, head.number)
    if (step === 'missed') {
      alerts.resolve('DEADLINE_NEAR', challengeIdOf(challenge))
      noteMissed(challenge, { deadlineBlock: challenge.deadlineBlock, isReported: false })
    } else if (step !== undefined) warn(challenge, step, head)
  }

  /** Each step once for each challenge: what is open already with this severity, or a worse one, stands. */
  function warn(challenge: Challenge, severity: AlertSeverity, head: BlockRef): void {
    const told = store.alerts.latest('DEADLINE_NEAR', challengeIdOf(challenge))
    if (told?.resolvedAtMs === null && rankOf(told.severity) >= rankOf(severity)) return
    const left = blocksLeft(challenge, head.number)
    const pace = secondsPerBlock(store.blocks.tail(PACE_BLOCKS))
    const about = aboutChallenge(challenge, {
      deadlineBlock: challenge.deadlineBlock,
      blocksLeft: left,
      ...(pace === undefined ? {} : { secondsLeft: Math.round(left * pace) }),
      [`${severity}At`]: new Date(now()).toISOString(),
      [`${severity}Block`]: head.number,
    })
    alerts.raise({ code: 'DEADLINE_NEAR', severity, ...about })
  }

  function watchReported({ challenge, slashedWei, txHash }: ReportedMiss): void {
    noteMissed(challenge, { isReported: true, txHash })
    if (slashedWei === null) return
    const about = aboutChallenge(challenge, { amountWei: slashedWei.toString(), txHash })
    const told = store.alerts.latest('OPERATOR_SLASHED', about.subject)
    if (isOver(told) || told?.data.salt !== challenge.salt)
      alerts.raise({ code: 'OPERATOR_SLASHED', severity: 'critical', ...about })
  }

  function noteMissed(missed: Missed, facts: AlertData & { readonly isReported: boolean }): void {
    const about = aboutChallenge(missed, facts)
    const told = store.alerts.latest('CHALLENGE_MISSED', about.subject)
    const isKnown = told?.data.salt === missed.salt && !isOver(told)
    const isNews = !isKnown || (facts.isReported && told.data.isReported !== true)
    if (isNews) alerts.raise({ code: 'CHALLENGE_MISSED', severity: 'critical', ...about })
    if (!isKnown) metrics.count('emerald_missed_challenges_total', { operator: missed.operator })
    if (!store.evidence.isKept(missed, facts.isReported)) keepEvidence(missed, facts.isReported)
  }

  function watch(head: BlockRef): void {
    const epoch = store.challenges.latestEpoch()?.epoch ?? 0
    const own = operators.list().map(each => each.index)
    resolveOvertaken(epoch)
    // One epoch back too: its end may never have been seen as a head, and its last blocks bring reports.
    for (const each of [epoch - 1, epoch])
      for (const challenge of store.challenges.unanswered(each, own).slice(0, MAX_WATCHED)) watchOpen(challenge, head)
    for (const missed of store.missed.since(epoch - 1, own, MAX_WATCHED)) watchReported(missed)
  }

  return {
    /** In one transaction: a head may tell of many challenges, and each write of its own would wait for the disk. */
    onHead: (head: BlockRef): void => store.transact(() => watch(head)),
  }
}

type Told = ReturnType<Store['alerts']['latest']>

/** Nobody acknowledged it: it was resolved because the chain took its cause back. */
const isOver = (told: Told): boolean =>
  told === undefined || (told.resolvedAtMs !== null && told.acknowledgedAtMs === null)

const rankOf = (severity: AlertSeverity): number => ALERT_SEVERITIES.indexOf(severity)
