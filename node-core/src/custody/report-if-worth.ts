/** Reports a miss if that pays, also after what the reports that are on their way will take from the same operator. */

import type { Hex } from '../base/hex.ts'
import { createTurns } from '../base/take-turns.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import { type Challenge, challengeIdOf } from '../domain/challenge.ts'
import type { EpochSchedule } from '../domain/epoch.ts'
import type { Store } from '../store/store.ts'
import type { Log } from '../telemetry/log.ts'
import { reportKeyOf, reportMissed, reportsCloseAt } from './report-missed.ts'
import type { ReportWorth } from './report-worth.ts'

type Deps = {
  readonly store: Pick<Store, 'challenges' | 'transactions'>
  readonly protocol: { readonly schedule: EpochSchedule }
  readonly custodyChallenges: Hex
  /** Who reports now. @throws AppError KEY_REQUIRED */
  readonly keeper: () => Pick<TransactionSender, 'address' | 'send'>
  /** @param before levels of the operator's misses whose reports come before this one. */
  readonly worthOf: (challenge: Challenge, reporter: Hex, before: readonly number[]) => Promise<ReportWorth>
  readonly log: Log
}

/** More than run at once. */
const MAX_WAITING = 64

export function createReports(deps: Deps): (challenge: Challenge) => Promise<boolean> {
  const { store, protocol, custodyChallenges, keeper, worthOf, log } = deps
  // What one sends counts for the next: two that are judged at once would both believe to be the last that pays.
  const inTurn = createTurns(MAX_WAITING)

  /** Levels of the operator's other misses in the epoch that this node has reported, and the chain has not told of yet. */
  function onTheirWay({ postId, epoch, operator }: Challenge, pending: ReadonlySet<string>): number[] {
    const others = store.challenges.unanswered(epoch, [operator]).filter(each => each.postId !== postId)
    return others.filter(each => pending.has(reportKeyOf(each))).map(each => each.level)
  }

  /** @returns false when it would not pay, whatever becomes of the others: nothing was sent. */
  async function report(challenge: Challenge): Promise<boolean> {
    const reporter = keeper()
    const pending = new Set(store.transactions.pendingKeys('report:'))
    if (!pending.has(reportKeyOf(challenge))) {
      const { shareWei, shareAloneWei, costWei } = await worthOf(
        challenge,
        reporter.address,
        onTheirWay(challenge, pending),
      )
      if (shareWei <= costWei) {
        log.info('report_not_worth', { challengeId: challengeIdOf(challenge), shareWei, shareAloneWei, costWei })
        return shareAloneWei > costWei
      }
    }
    const epoch = store.challenges.epoch(challenge.epoch)
    await reportMissed(challenge, epoch && reportsCloseAt(epoch, protocol.schedule), custodyChallenges, reporter)
    return true
  }

  return challenge => inTurn(() => report(challenge))
}
