/**
 * The openings of this node's answers: each is made once, kept in the store, and taken from there ever after, also after a restart or
 * a reorg. What is being made when somebody else asks for it is waited for, not made twice.
 *
 * A kept opening is found by the salt of its challenge, which covers the seed, the post and the level; the rest of what it depends on
 * is the post's own or the number of blobs asked for.
 */

import type { Hex } from '../base/hex.ts'
import { batchName, type Challenge, proveName } from '../domain/challenge.ts'
import { COMMITMENT_BYTES, POINT_BYTES } from '../domain/point-bytes.ts'
import type { Post } from '../domain/post.ts'
import type { AnswerTimings, Opening } from '../store/proofs-table.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { type OpenDeps, openChallenge } from './open-challenge.ts'
import {
  type BatchTask,
  type OnLeaving,
  type OpenedBatch,
  type OpenTogetherDeps,
  openTogether,
} from './open-together.ts'

export type OpeningsDeps = OpenDeps & OpenTogetherDeps & { readonly metrics: Pick<Metrics, 'count' | 'observe'> }
export type KeptOpening = { readonly opening: Opening; readonly timings: AnswerTimings }
export type Openings = ReturnType<typeof createOpenings>
type Way = 'alone' | 'batch'

export function createOpenings(deps: OpeningsDeps) {
  const { proofs, batches } = deps.store
  const beingMade = new Map<string, Promise<unknown>>()

  /** @param signal ends the work for all who wait for it: give the node's own. @throws as `openChallenge` */
  async function ofOne(challenge: Challenge, post: Post, signal: AbortSignal): Promise<KeptOpening> {
    return once(`${proveName(challenge)}:${challenge.indexes.length}`, async () => {
      const answer = proofs.answer(challenge, challenge.salt)
      if (answer?.opening && answer.timings !== null && fits(answer.opening, challenge)) {
        count('alone', 'kept')
        return { opening: answer.opening, timings: answer.timings }
      }
      const made = await openChallenge(challenge, post, signal, deps)
      proofs.keepOpening(challenge, challenge.salt, made.opening, made.timings, deps.now())
      count('alone', 'made')
      observe(made.timings)
      return made
    })
  }

  /** @returns undefined when fewer than two of them can be made ready. @throws as `openTogether` */
  async function ofBatch(
    tasks: readonly BatchTask[],
    signal: AbortSignal,
    onLeaving: OnLeaving = () => undefined,
  ): Promise<OpenedBatch | undefined> {
    const [first, ...more] = tasks.map(task => task.challenge)
    if (first === undefined || more.length === 0) return undefined
    const challenges = [first, ...more] as const
    const counts = challenges.map(each => each.indexes.length)
    return once(`${batchName([...challenges])}:${counts.join()}`, async () => {
      const kept = batches.opening(batchName([...challenges]))
      if (kept?.items.every((item, at) => isOfPoints(item, challenges[at]))) {
        count('batch', 'kept')
        return { challenges: [...challenges], made: kept }
      }
      const opened = await openTogether(tasks, signal, onLeaving, deps)
      if (opened === undefined) return undefined
      batches.keepOpening(batchName(opened.challenges), first.epoch, opened.made)
      count('batch', 'made')
      for (const timings of opened.made.timings) observe(timings)
      return opened
    })
  }

  async function once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const begun = beingMade.get(name)
    if (begun !== undefined) return begun as Promise<T> // a name says which of the two it is
    const making = make().finally(() => beingMade.delete(name))
    beingMade.set(name, making)
    return making
  }

  const count = (way: Way, source: 'made' | 'kept'): void =>
    deps.metrics.count('emerald_openings_total', { way, source })
  const observe = ({ readMs: read, foldMs: fold, openMs: open }: AnswerTimings): void => {
    for (const [step, ms] of Object.entries({ read, fold, open }))
      deps.metrics.observe('emerald_proof_step_seconds', { step }, ms / 1_000)
  }

  return { ofOne, ofBatch }
}

/** One that was made ahead may be for another number of blobs, if governance changed that at the start of the epoch. */
const fits = ({ points }: Opening, challenge: Challenge): boolean =>
  challenge.indexes.length === 1 ? bytesOf(points) === COMMITMENT_BYTES : isOfPoints({ points }, challenge)

const isOfPoints = ({ points }: { readonly points: Hex }, challenge: Challenge | undefined): boolean =>
  bytesOf(points) === (challenge?.indexes.length ?? 0) * POINT_BYTES

const bytesOf = (hex: Hex): number => hex.length / 2 - 1
