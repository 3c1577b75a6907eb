/** The evidence of a missed challenge, as the doors show it: what was kept, and whether the miss still stands. */

import { AppError } from '../base/app-error.ts'
import type { StandingEvidence } from '../contract/evidence-shape.ts'
import { parseChallengeId } from '../domain/challenge.ts'
import type { StoredChallenge } from '../store/challenges-table.ts'
import { headNumber, type NodeView } from './node-view.ts'

type Standing = StandingEvidence['standing']['state']

/**
 * A reorg that undoes a miss leaves its evidence: it then says `undone`, and counts again if the miss comes back.
 * @throws AppError EVIDENCE_NOT_FOUND: not missed, or not by an own operator.
 */
export async function challengeEvidence(view: NodeView, id: string): Promise<StandingEvidence> {
  const { store, custody, operators } = view.engine
  const key = parseChallengeId(id)
  const current = store.challenges.get(key)
  const salt = current?.challenge.salt
  const state = current === undefined ? 'undone' : standingOf(current, headNumber(view))
  const isOfCurrent = salt !== undefined && (state !== 'undone' || store.evidence.isKept({ ...key, salt }, false))
  const asked = isOfCurrent ? salt : store.evidence.latestSalt(key)
  const isOurs = asked !== undefined && operators.isOwn(key.operator)
  const found = isOurs ? await custody.evidenceOf({ ...key, salt: asked }, state !== 'undone') : undefined
  if (found === undefined) throw new AppError('EVIDENCE_NOT_FOUND', { id })
  return { ...found, standing: { state, checkedAtBlock: headNumber(view) } }
}

function standingOf({ challenge, isProven, isMissed }: StoredChallenge, head: number): Standing {
  if (isMissed) return 'missed'
  return !isProven && head >= challenge.deadlineBlock ? 'overdue' : 'undone'
}
