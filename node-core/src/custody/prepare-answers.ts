/** Makes the openings of challenges in sight, so that only the sending is left when they come. */

import { mapFew } from '../base/map-few.ts'
import { wayOfAnswer } from '../chain/way-of-answer.ts'
import type { EpochSchedule } from '../domain/epoch.ts'
import type { Openings } from './openings.ts'
import { planAnswers } from './plan-answers.ts'
import { type PredictDeps, predictChallenges, type SeedInSight } from './predict-challenges.ts'

export type PrepareDeps = PredictDeps & {
  readonly schedule: EpochSchedule
  readonly openings: Openings
  /** Each batch holds megabytes: no more at once than keep the prover busy. */
  readonly atOnce: number
}

/** Planned as the answers will be: only the opening of the same batch is found again. @throws AppError RPC_UNAVAILABLE */
export async function prepareAnswers(
  sight: SeedInSight,
  operators: ReadonlySet<number>,
  signal: AbortSignal,
  { schedule, openings, atOnce, ...deps }: PrepareDeps,
): Promise<void> {
  const tasks = await predictChallenges(sight, schedule, operators, deps)
  const open = tasks.map(task => {
    const way = wayOfAnswer(deps.store, task.challenge)
    return { ...task, blobCount: task.post.blobCount, isAlone: way.state === 'unsent' && way.isAlone }
  })
  const { batches, alone } = planAnswers(open)
  const works = [
    ...batches.map(batch => () => openings.ofBatch(batch, signal)),
    ...alone.map(
      ({ challenge, post }) =>
        () =>
          openings.ofOne(challenge, post, signal),
    ),
  ]
  await mapFew(works, atOnce, async work => {
    signal.throwIfAborted()
    // What cannot be made ready yet is tried again by its answer, which also tells of it.
    await work().catch(() => undefined)
  })
}
