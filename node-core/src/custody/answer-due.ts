/** Finds the own challenges that are to be answered at a head, and has them answered, together where that saves gas. */

import { wayOfAnswer } from '../chain/way-of-answer.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import { batchName, type Challenge, challengeIdOf } from '../domain/challenge.ts'
import type { Store } from '../store/store.ts'
import type { DutyRunner } from './duty-runner.ts'
import type { BatchTask } from './open-together.ts'
import type { Duties } from './operator-engine.ts'
import type { OwnOperators } from './own-operators.ts'
import { type OpenChallenge, planAnswers } from './plan-answers.ts'

type Deps = {
  readonly store: Store
  readonly operators: Pick<OwnOperators, 'atWork'>
  readonly duties: Pick<Duties, 'answer' | 'answerTogether'>
  readonly runner: DutyRunner
  readonly batchRunner: DutyRunner
  readonly publish: (topic: 'challenge', id: string, data: Record<string, string>) => void
}

export function createAnswers({ store, operators, duties, runner, batchRunner, publish }: Deps) {
  /** Challenges that are being answered, alone or in a batch: never both at once. */
  const running = new Set<string>()

  function answerDue(head: BlockRef): void {
    const open = openAnswers(head)
    const { batches, alone } = planAnswers(open.filter(({ challenge }) => !running.has(answerKey(challenge))))
    for (const batch of batches) {
      const [first, ...more] = batch
      if (first === undefined || batchRunner.isFull()) break // the next head asks again
      const key = batchName([first.challenge, ...more.map(each => each.challenge)])
      const context = { deadlineBlock: first.challenge.deadlineBlock, items: batch.length }
      batchRunner.run(key, context, signal => answering(batch, () => duties.answerTogether(batch, signal)))
    }
    for (const task of alone) {
      if (runner.isFull()) return
      const { challenge, post } = task
      runner.run(`answer:${answerKey(challenge)}`, { deadlineBlock: challenge.deadlineBlock }, signal =>
        answering([task], async () => {
          await duties.answer(challenge, post, signal)
          return [challenge]
        }),
      )
    }
  }

  /** Own challenges that a proof sent now, in the next block at the earliest, still answers, and that have none on its way. */
  function openAnswers(head: BlockRef): (OpenChallenge & BatchTask)[] {
    const epoch = store.challenges.latestEpoch()
    if (epoch === undefined || head.number >= epoch.closesAtBlock) return []
    const atWork = operators.atWork().map(each => each.index)
    return store.challenges.unanswered(epoch.epoch, atWork).flatMap(challenge => {
      const way = wayOfAnswer(store, challenge)
      if (way.state === 'sent') {
        store.transactions.moveDeadline(way.key, challenge.deadlineBlock) // a pause moves it
        return []
      }
      const post = store.posts.get(challenge.postId)
      if (post === undefined) return []
      return [{ challenge, post, blobCount: post.blobCount, isAlone: way.isAlone }]
    })
  }

  /** @param duty resolves to what was sent. */
  async function answering(tasks: readonly BatchTask[], duty: () => Promise<readonly Challenge[]>): Promise<void> {
    const challenges = tasks.map(({ challenge }) => challenge)
    for (const challenge of challenges) running.add(answerKey(challenge))
    const tell = (told: readonly Challenge[], state: string): void => {
      for (const challenge of told) publish('challenge', challengeIdOf(challenge), { state })
    }
    try {
      tell(challenges, 'proving')
      tell(await duty(), 'sent')
    } finally {
      for (const challenge of challenges) running.delete(answerKey(challenge))
    }
  }

  return { answerDue }
}

const answerKey = (challenge: Challenge): string => `${challengeIdOf(challenge)}:${challenge.salt}`
