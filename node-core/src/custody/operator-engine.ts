/**
 * The operator engine: at every new head it looks at what the tables say is due and does it.
 *
 * Nothing is remembered but what stands in the store: duties are found by looking, never by having seen an event, so a crash, a
 * restart or a reorg changes nothing about what is done next. A duty that runs is not started twice.
 */

import { toAppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import { currentAttempt } from '../chain/current-attempt.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import { type Challenge, challengeIdOf, proveName } from '../domain/challenge.ts'
import { type EpochSchedule, epochAt } from '../domain/epoch.ts'
import { bitsOf, type Post } from '../domain/post.ts'
import type { Store } from '../store/store.ts'
import type { Log } from '../telemetry/log.ts'
import type { DutyRunner } from './duty-runner.ts'
import { seedDue } from './finalise-seeds.ts'
import type { OwnOperators } from './own-operators.ts'
import { missesDue } from './report-missed.ts'

export type Duties = {
  /** Fetches and verifies; resolves when the content is held. */
  hold(post: Post, signal: AbortSignal): Promise<void>
  attest(post: Post, head: BlockRef): Promise<void>
  finalise(epoch: number): Promise<void>
  answer(challenge: Challenge, post: Post, signal: AbortSignal): Promise<void>
  report(challenge: Challenge): Promise<void>
}

type Deps = {
  readonly store: Store
  readonly operators: OwnOperators
  readonly duties: Duties
  readonly runner: DutyRunner
  /** Fetches take long and can be many: in a runner of their own they never hold up an answer. */
  readonly contentRunner: DutyRunner
  readonly clock: Clock
  readonly log: Log
  readonly publish: (topic: 'post' | 'challenge', id: string, data: Record<string, string>) => void
}

export function createOperatorEngine(schedule: EpochSchedule, deps: Deps) {
  const { store, operators, duties, runner, contentRunner } = deps

  function onHead(head: BlockRef): void {
    answerDue(head)
    restoreDue(head)
    finaliseDue(head)
    reportDue(head)
    attestDue(head)
  }

  function answerDue(head: BlockRef): void {
    const atWork = operators.atWork().map(each => each.index)
    // A proof sent now is in the next block at the earliest.
    const stillInTime = { from: head.number + 1, to: Number.MAX_SAFE_INTEGER }
    for (const challenge of store.challenges.unanswered(stillInTime, atWork)) {
      if (runner.isFull()) return // the next head asks again
      const post = isSent(challenge) ? undefined : store.posts.get(challenge.postId)
      if (post === undefined) continue
      const id = challengeIdOf(challenge)
      runner.run(`answer:${id}:${challenge.salt}`, { deadlineBlock: challenge.deadlineBlock }, async signal => {
        deps.publish('challenge', id, { state: 'proving' })
        await duties.answer(challenge, post, signal)
        deps.publish('challenge', id, { state: 'sent' })
      })
    }
  }

  function isSent(challenge: Challenge): boolean {
    const { state } = currentAttempt(store.transactions, proveName(challenge))
    return state === 'pending' || state === 'mined'
  }

  function finaliseDue(head: BlockRef): void {
    const [first] = operators.atWork()
    if (first === undefined) return
    const epoch = seedDue(schedule, head, first.index, each => store.challenges.epoch(each) !== undefined)
    if (epoch !== undefined) runner.run(`finalise:${epoch}:${head.hash}`, {}, () => duties.finalise(epoch))
  }

  function reportDue(head: BlockRef): void {
    if (operators.atWork().length === 0) return
    const own = new Set(operators.list().map(each => each.index))
    for (const challenge of missesDue(store, head, index => own.has(index))) {
      runner.run(`report:${challengeIdOf(challenge)}`, {}, () => duties.report(challenge))
    }
  }

  /** What an own operator signed for is fetched and verified again when the records of it are lost, before a challenge needs it. */
  function restoreDue(head: BlockRef): void {
    const own = operators.atWork()
    for (const post of own.length === 0 ? [] : store.posts.attestedUnheld(epochAt(schedule, head.number))) {
      const attesters = bitsOf(post.attestation?.attesters ?? 0n)
      if (own.some(each => attesters.includes(each.index)))
        contentRunner.run(holdKey(post), {}, signal => hold(post, signal))
    }
  }

  function attestDue(head: BlockRef): void {
    if (operators.atWork().length === 0) return
    for (const post of store.posts.awaitingAttestation(head.number)) {
      const content = store.posts.content(post.postId)
      if (content.state === 'refused') continue
      if (content.state === 'held') runner.run(`attest:${post.postId}`, {}, () => duties.attest(post, head))
      else
        contentRunner.run(holdKey(post), {}, async signal => {
          await hold(post, signal)
          await duties.attest(post, head)
        })
    }
  }

  async function hold(post: Post, signal: AbortSignal): Promise<void> {
    store.posts.setContent(post.postId, { state: 'fetching' }, deps.clock.now())
    deps.publish('post', post.postId, { content: 'fetching' })
    try {
      await duties.hold(post, signal)
    } catch (error) {
      const { code } = toAppError(error)
      const state = REFUSALS.has(code) ? 'refused' : 'absent'
      store.posts.setContent(post.postId, { state, error: code }, deps.clock.now())
      deps.publish('post', post.postId, { content: state, error: code })
      throw error
    }
    deps.publish('post', post.postId, { content: 'held' })
  }

  return { onHead }
}

const holdKey = (post: Post): string => `hold:${post.postId}`

/** What no second try can mend. */
const REFUSALS: ReadonlySet<string> = new Set([
  'POST_MISMATCH',
  'CONTENT_TYPE_NOT_ALLOWED',
  'CONTENT_TYPE_MISMATCH',
  'IPFS_SIZE_CAP',
])
