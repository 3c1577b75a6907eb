/**
 * The operator engine: at every new head it looks at what the tables say is due and does it.
 *
 * Duties are found by looking into the store, never by having seen an event, so a crash, a restart or a reorg changes nothing about what
 * is done next. A duty that runs is not started twice. What is remembered here only spares work that would change nothing: forgotten, it
 * is done again.
 */

import { toAppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { Challenge } from '../domain/challenge.ts'
import { type EpochSchedule, epochAt } from '../domain/epoch.ts'
import { bitsOf, type Post } from '../domain/post.ts'
import type { Store } from '../store/store.ts'
import type { Log } from '../telemetry/log.ts'
import { createAnswers } from './answer-due.ts'
import type { DutyRunner } from './duty-runner.ts'
import { seedDue } from './finalise-seeds.ts'
import type { BatchTask } from './open-together.ts'
import type { OwnOperators } from './own-operators.ts'
import { type SeedInSight, seedInSight } from './predict-challenges.ts'
import { missesDue, reportKeyOf } from './report-missed.ts'
import { type Settlement, settlementsDue } from './settle-posts.ts'

export type Duties = {
  /** Fetches and verifies; resolves when the content is held. */
  hold(post: Post, signal: AbortSignal): Promise<void>
  attest(post: Post, head: BlockRef): Promise<void>
  finalise(epoch: number): Promise<void>
  /** Makes openings for challenges that are in sight. */
  prepare(sight: SeedInSight, operators: ReadonlySet<number>, signal: AbortSignal): Promise<void>
  answer(challenge: Challenge, post: Post, signal: AbortSignal): Promise<void>
  /** One opening for at least two challenges of one operator and epoch. @returns those that were sent. */
  answerTogether(tasks: readonly BatchTask[], signal: AbortSignal): Promise<readonly Challenge[]>
  /** @returns false when it would not pay in this epoch any more: nothing was sent. */
  report(challenge: Challenge): Promise<boolean>
  settle(settlement: Settlement): Promise<void>
}

type Deps = {
  readonly store: Store
  readonly operators: OwnOperators
  /** This node's address as a publisher: its posts are settled by it when no operator does. */
  readonly publisher: Hex
  readonly duties: Duties
  readonly runner: DutyRunner
  /** Each batch holds megabytes: no more run at once than keep the prover busy. */
  readonly batchRunner: DutyRunner
  /** Fetches take long and can be many: in a runner of their own they never hold up an answer. */
  readonly contentRunner: DutyRunner
  /** Likewise relays that don't answer. */
  readonly attestRunner: DutyRunner
  /** Others' misses can be many, and are never urgent. */
  readonly reportRunner: DutyRunner
  readonly clock: Clock
  readonly log: Log
  readonly publish: (topic: 'post' | 'challenge', id: string, data: Record<string, string>) => void
}

export function createOperatorEngine(protocol: { readonly schedule: EpochSchedule }, deps: Deps) {
  const { store, operators, duties, runner, contentRunner, attestRunner, reportRunner } = deps

  const answers = createAnswers(deps)
  /** The last seed in sight whose answers were prepared: a reorg of its block brings another. */
  let preparedFor = ''
  /** Misses of the running epoch that do not pay to report, by challenge and salt. */
  const unpaid = new Set<string>()
  /** The last epoch at whose coming old openings were forgotten. */
  let trimmedAt = -1

  function onHead(head: BlockRef): void {
    answers.answerDue(head)
    prepareDue(head)
    restoreDue(head)
    finaliseDue(head)
    reportDue(head)
    settleDue(head)
    attestDue(head)
    forgetOld(head)
  }

  function prepareDue(head: BlockRef): void {
    const sight = seedInSight(protocol.schedule, head, store)
    const own = new Set(operators.atWork().map(each => each.index))
    if (sight === undefined || own.size === 0) return
    const key = `prepare:${sight.epoch}:${sight.seedBlock.hash}`
    if (key === preparedFor) return
    runner.run(key, {}, async signal => {
      await duties.prepare(sight, own, signal)
      preparedFor = key
    })
  }

  function finaliseDue(head: BlockRef): void {
    const [first] = operators.atWork()
    if (first === undefined) return
    const epoch = seedDue(protocol.schedule, head, first.index, each => store.challenges.epoch(each) !== undefined)
    if (epoch !== undefined) runner.run(`finalise:${epoch}:${head.hash}`, {}, () => duties.finalise(epoch))
  }

  function reportDue(head: BlockRef): void {
    if (operators.atWork().length === 0) return
    const own = operators.list().map(each => each.index)
    for (const challenge of missesDue(store, protocol.schedule, head, own)) {
      const key = reportKeyOf(challenge)
      if (unpaid.has(key)) continue
      reportRunner.run(key, {}, async () => {
        if (!(await duties.report(challenge))) unpaid.add(key)
      })
    }
  }

  function settleDue(head: BlockRef): void {
    const concern = { operators: operators.atWork().map(each => each.index), publisher: deps.publisher }
    for (const settlement of settlementsDue(store, protocol.schedule, head, concern)) {
      const key = `settle:${settlement.postId}:${settlement.epoch}:${settlement.salt}`
      runner.run(key, {}, () => duties.settle(settlement))
    }
  }

  /** What an own operator signed for is fetched and verified again when the records of it are lost, before a challenge needs it. */
  function restoreDue(head: BlockRef): void {
    const own = operators.atWork()
    for (const post of own.length === 0 ? [] : store.posts.attestedUnheld(epochAt(protocol.schedule, head.number))) {
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
      if (content.state === 'held') attest(post, head)
      else
        contentRunner.run(holdKey(post), {}, async signal => {
          await hold(post, signal)
          // That may have taken long.
          const [now, newest] = [store.posts.get(post.postId), store.blocks.head()]
          if (newest !== undefined && now !== undefined && isWaiting(now)) attest(now, newest)
        })
    }
  }

  function forgetOld(head: BlockRef): void {
    const epoch = epochAt(protocol.schedule, head.number)
    if (epoch === trimmedAt) return
    unpaid.clear()
    store.proofs.trimOpenings(epoch - KEPT_EPOCHS)
    store.batches.trim(epoch - KEPT_EPOCHS)
    trimmedAt = epoch
  }

  /** Under one key, so that the same is never signed by two at once. */
  function attest(post: Post, head: BlockRef): void {
    attestRunner.run(`attest:${post.postId}`, {}, () => duties.attest(post, head))
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

  function hasOpenChallenges(): boolean {
    const epoch = store.challenges.latestEpoch()
    const own = operators.list().map(each => each.index)
    const isOpen = epoch !== undefined && (store.blocks.head()?.number ?? 0) < epoch.closesAtBlock
    return isOpen && store.challenges.unanswered(epoch.epoch, own).length > 0
  }

  return { onHead, hasOpenChallenges }
}

const isWaiting = (post: Post): boolean => post.attestation === null && !post.isLapsed && !post.isDropped
const holdKey = (post: Post): string => `hold:${post.postId}`

/** Openings are kept for as long as a reorg could ask for them again: the shortest epochs have 24 blocks, and 256 blocks can be undone. */
const KEPT_EPOCHS = 16

/** What no second try can mend. */
const REFUSALS: ReadonlySet<string> = new Set([
  'POST_MISMATCH',
  'CONTENT_TYPE_NOT_ALLOWED',
  'CONTENT_TYPE_MISMATCH',
  'IPFS_SIZE_CAP',
])
