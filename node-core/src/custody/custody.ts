/** Puts the custody duties together: what each of them needs, and the engine that finds them. */

import type { Deployment } from '@emerald/contracts/deployments.ts'
import type { PublicClient } from 'viem'
import type { Alerts } from '../alerts/alerts.ts'
import type { EventLog } from '../api/event-log.ts'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { BlockNode } from '../blocks/block-node.ts'
import type { ChainSource } from '../chain/chain-source.ts'
import type { Protocol } from '../chain/read-protocol.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import type { Senders } from '../chain/senders.ts'
import type { AttestationDomain } from '../domain/attestation.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { Challenge } from '../domain/challenge.ts'
import type { Post } from '../domain/post.ts'
import type { Signer } from '../keys/signer.ts'
import { uncompressCommitments } from '../kzg/file-commitments.ts'
import type { Prover } from '../kzg/prover.ts'
import type { AttestationGateway } from '../relay/collect-attestations.ts'
import type { Store } from '../store/store.ts'
import type { Log } from '../telemetry/log.ts'
import type { LogRing } from '../telemetry/log-ring.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { answerBatch } from './answer-batch.ts'
import { answerChallenge } from './answer-challenge.ts'
import { attestPost } from './attest-post.ts'
import { createCustodyReader } from './custody-reader.ts'
import { createDutyRunner } from './duty-runner.ts'
import { finaliseSeed } from './finalise-seeds.ts'
import { holdContent } from './hold-content.ts'
import { createEvidenceKeeper } from './keep-evidence.ts'
import { createOpenings } from './openings.ts'
import { createOperatorEngine, type Duties } from './operator-engine.ts'
import { type OwnOpening, openingOf } from './own-opening.ts'
import type { OwnOperators } from './own-operators.ts'
import { prepareAnswers } from './prepare-answers.ts'
import { createReports } from './report-if-worth.ts'
import { worthOfReport } from './report-worth.ts'
import { settlePost } from './settle-posts.ts'
import { createDeadlineWatch } from './watch-deadlines.ts'

type Setting = {
  readonly options: {
    readonly deployment: Deployment
    readonly uploadMaxBytes: number
    readonly proverWorkers: number
    readonly fetchTimeoutMs: number
    readonly publisherKey: Signer
  }
  readonly protocol: Protocol
  readonly domain: AttestationDomain
  /** Without one this node's operators can't attest; they still answer. */
  readonly gateway: AttestationGateway | undefined
  /** Of this build. */
  readonly version: string
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}
type Deps = {
  readonly store: Store
  readonly blocks: BlockNode
  readonly prover: Prover
  readonly client: PublicClient
  readonly source: ChainSource
  readonly operators: OwnOperators
  readonly senders: Senders
  readonly events: EventLog
  readonly alerts: Alerts
  readonly ring: Pick<LogRing, 'lines'>
}

export function createCustody(setting: Setting, deps: Deps) {
  const { options, protocol, clock, log, metrics } = setting
  const { store, operators, senders } = deps
  const { custodyChallenges } = options.deployment
  const reader = createCustodyReader(deps.client, custodyChallenges)
  const pauses = { firstPauseMs: 250, longestPauseMs: 5_000 }
  const runnerDeps = {
    ...{ clock, log },
    onFailure: (key: string, code: string): void =>
      metrics.count('emerald_failed_duties_total', { duty: key.slice(0, key.indexOf(':')), code }),
  }
  const runner = createDutyRunner({ maxRunning: 64, ...pauses }, runnerDeps)
  const batchRunner = createDutyRunner({ maxRunning: options.proverWorkers + 1, ...pauses }, runnerDeps)
  const contentRunner = createDutyRunner({ maxRunning: 16, ...pauses }, runnerDeps)
  const attestRunner = createDutyRunner({ maxRunning: 64, ...pauses }, runnerDeps)
  // Judged one after the other, so that no head asks the endpoints too much for what is never urgent.
  const reportRunner = createDutyRunner({ maxRunning: 16, ...pauses }, runnerDeps)
  // After an outage there may be hundreds to collect: beside the answers, not before them.
  const evidenceRunner = createDutyRunner({ maxRunning: 4, ...pauses }, runnerDeps)
  const runners = [runner, batchRunner, contentRunner, attestRunner, reportRunner, evidenceRunner]

  /** @throws AppError KEY_REQUIRED */
  function senderOf(operator: number): TransactionSender {
    const own = operators.find(operator)
    if (own === undefined) throw new AppError('KEY_REQUIRED', { operator })
    return senders.of(own.key)
  }

  /** Seeds and reports, which are of others' misses only, are sent by the first operator at work. */
  function keeper(): TransactionSender {
    const [first] = operators.atWork()
    if (first === undefined) throw new AppError('KEY_REQUIRED', {})
    return senders.of(first.key)
  }

  /** A publisher without operators settles its own posts with its own key. */
  const settler = (): TransactionSender =>
    operators.atWork().length > 0 ? keeper() : senders.of(setting.options.publisherKey)

  const openings = createOpenings({ store, blocks: deps.blocks, prover: deps.prover, now: clock.now, metrics })
  const { alerts } = deps
  const answering = { store, openings, reader, senderOf, custodyChallenges, metrics, alerts, now: clock.now }
  const duties: Duties = {
    async hold(post, signal) {
      const held = await holdContent(
        post,
        { maxBytes: options.uploadMaxBytes, timeoutMs: options.fetchTimeoutMs, signal },
        deps,
      )
      const points = await uncompressCommitments(held.commitments, deps.prover, signal)
      store.posts.setHeld(post.postId, held.commitments, points, clock.now())
    },
    async attest(post, head) {
      const { schedule, maxStakeAgeEpochs } = protocol
      if (setting.gateway === undefined || maxStakeAgeEpochs === undefined) return
      const terms = { schedule, maxStakeAgeEpochs, domain: setting.domain }
      await attestPost(post, head, terms, { store, operators, gateway: setting.gateway })
    },
    finalise: epoch =>
      finaliseSeed(epoch, protocol.schedule, { source: deps.source, sender: keeper(), custodyChallenges }),
    prepare: (sight, own, signal) =>
      prepareAnswers(sight, own, signal, {
        ...{ store, reader, source: deps.source, chainId: options.deployment.chainId },
        ...{ schedule: protocol.schedule, openings, atOnce: options.proverWorkers + 1 },
      }),
    answer: (challenge, post, signal) => answerChallenge(challenge, post, signal, answering),
    answerTogether: (tasks, signal) => answerBatch(tasks, signal, answering),
    settle: settlement => settlePost(settlement, custodyChallenges, { store, sender: settler() }),
    report: createReports({
      ...{ store, keeper, log, custodyChallenges, protocol },
      worthOf(challenge, reporter, before) {
        const { operatorStake } = options.deployment
        const { slashedIn } = store.operators
        return worthOfReport(challenge, reporter, before, {
          ...{ client: deps.client, custodyChallenges, operatorStake, slashedIn },
        })
      },
    }),
  }
  const engine = createOperatorEngine(protocol, {
    store,
    operators,
    publisher: options.publisherKey.address,
    duties,
    runner,
    batchRunner,
    contentRunner,
    attestRunner,
    reportRunner,
    clock,
    log,
    publish: (topic, id, data) => void deps.events.publish(topic, id, data),
  })
  const evidence = createEvidenceKeeper(evidenceRunner, {
    ...{ store, source: deps.source, operators, ring: deps.ring, deployment: options.deployment },
    ...{ version: setting.version, now: clock.now },
  })
  const watch = createDeadlineWatch({
    ...{ store, operators, alerts, metrics, now: clock.now },
    keepEvidence: evidence.keep,
  })
  return {
    onHead(head: BlockRef): void {
      engine.onHead(head)
      watch.onHead(head)
    },
    evidenceOf: evidence.of,
    /** Whether an own operator has a challenge left to answer. */
    hasOpenChallenges: engine.hasOpenChallenges,
    openingOf: (challenge: Challenge, post: Post): Promise<OwnOpening> => openingOf(challenge, post, deps),
    runningCount: (): number => runners.reduce((sum, each) => sum + each.runningCount(), 0),
    runningDuties: () => ({
      single: runner.runningCount(),
      batch: batchRunner.runningCount(),
      content: contentRunner.runningCount(),
      attest: attestRunner.runningCount(),
    }),
    async [Symbol.asyncDispose]() {
      await Promise.all(runners.map(each => each[Symbol.asyncDispose]()))
    },
  }
}
