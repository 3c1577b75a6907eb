/** Writes the evidence of each miss into the store, as a duty: found again by looking when it was cut short. */

import type { Evidence } from '../contract/evidence-shape.ts'
import { challengeIdOf } from '../domain/challenge.ts'
import { collectEvidence, type EvidenceDeps } from './collect-evidence.ts'
import type { DutyRunner } from './duty-runner.ts'
import { mergeEvidence } from './merge-evidence.ts'
import type { Missed } from './watch-deadlines.ts'

/** A guess: of more misses in one epoch the first tell what went wrong. Two epochs together stay below what the store keeps. */
const MAX_IN_EPOCH = 400

export function createEvidenceKeeper(runner: Pick<DutyRunner, 'run'>, deps: EvidenceDeps) {
  const { store } = deps

  async function write(missed: Missed): Promise<void> {
    const found = await collectEvidence(missed, deps)
    if (found === undefined) return
    const bundle = JSON.stringify(mergeEvidence(keptOf(missed), found))
    store.evidence.put(missed, { isReported: found.report !== null, bundle, madeAtMs: deps.now() })
  }

  const keptOf = (missed: Missed): Evidence | undefined => {
    const kept = store.evidence.get(missed)
    return kept === undefined ? undefined : (JSON.parse(kept.bundle) as Evidence) // written by `write`
  }

  return {
    keep(missed: Missed, isReported: boolean): void {
      const isNew = !store.evidence.isKept(missed, false)
      if (isNew && store.evidence.countIn(missed.epoch) >= MAX_IN_EPOCH) return
      runner.run(`evidence:${challengeIdOf(missed)}:${missed.salt}`, { isReported }, () => write(missed))
    },
    /**
     * @param isStanding a miss that stands is told with what is known by now: a duty may have failed only after the deadline. One that
     * was undone is told as it was kept.
     * @returns undefined when nothing was kept, and the chain no longer has the challenge.
     */
    async of(missed: Missed, isStanding: boolean): Promise<Evidence | undefined> {
      const kept = keptOf(missed)
      const found = isStanding || kept === undefined ? await collectEvidence(missed, deps) : undefined
      return found === undefined ? kept : mergeEvidence(kept, found)
    },
  }
}
export type EvidenceKeeper = ReturnType<typeof createEvidenceKeeper>
