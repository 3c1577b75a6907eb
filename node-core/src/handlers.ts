/** Each method of the operator contract: one call into a feature, and domain values turned into wire values. */

import { implement } from '@orpc/server'
import type { DoorContext } from './api/router-context.ts'
import { parseContentCid } from './blocks/cid.ts'
import { readContent } from './blocks/read-content.ts'
import { operatorContract } from './contract/operator.ts'
import type { ConfigEntry, DemoState, DoctorCheck, Job } from './contract/shapes.ts'
import type { DemoControl } from './demo/demo-control.ts'
import type { JobRecord } from './store/jobs-table.ts'
import { acknowledgeAlert, alertsPage } from './views/alert-view.ts'
import { challengeDetail, challengesPage } from './views/challenge-view.ts'
import { challengeEvidence } from './views/evidence-view.ts'
import { healthView, type NodeProbes } from './views/health-view.ts'
import { networkView } from './views/network-view.ts'
import { type NodeView, toIso } from './views/node-view.ts'
import { nodeFactsView, operatorsView } from './views/operator-view.ts'
import { overviewView } from './views/overview-view.ts'
import { postDetail, postsPage } from './views/post-view.ts'
import { proofBundle, proofDetail, proofsPage, verifyProof } from './views/proof-view.ts'
import { transactionFailure, transactionsPage } from './views/transaction-view.ts'

/** Asked for at each call, because a reset of the demo replaces the engine behind the doors. */
export type NodeContext = DoorContext & {
  readonly view: () => NodeView
  readonly demo: DemoControl
  readonly configEntries: () => ConfigEntry[]
  readonly probes: NodeProbes
  readonly doctor: () => Promise<DoctorCheck[]>
}

export function createRouter() {
  const os = implement(operatorContract).$context<NodeContext>()
  return os.router({
    node: {
      facts: os.node.facts.handler(({ context }) => nodeFactsView(context.view())),
      overview: os.node.overview.handler(({ context, input }) => overviewView(context.view(), input.operator)),
      health: os.node.health.handler(({ context }) => healthView(context.view(), context.probes)),
      events: os.node.events.handler(({ context, input, signal }) => {
        const { events, stopping } = context.view().engine
        return events.subscribe({
          afterSeq: input.afterSeq,
          signal: signal === undefined ? stopping : AbortSignal.any([signal, stopping]),
        })
      }),
    },
    operators: {
      list: os.operators.list.handler(({ context }) => ({ items: operatorsView(context.view()) })),
    },
    posts: {
      list: os.posts.list.handler(({ context, input }) => postsPage(context.view(), input)),
      get: os.posts.get.handler(({ context, input }) => postDetail(context.view(), input.postId)),
      forget: os.posts.forget.handler(({ context, input }) => context.view().engine.retention.forgetPost(input.postId)),
      publish: os.posts.publish.handler(async ({ context, input }) =>
        toJob(await context.view().engine.publisher.publish(input.uploadId, input.termEpochs)),
      ),
    },
    uploads: {
      begin: os.uploads.begin.handler(({ context, input }) => context.view().engine.uploads.begin(input)),
      append: os.uploads.append.handler(({ context, input }) =>
        context.view().engine.uploads.append(input.uploadId, input.offset, Buffer.from(input.bytesBase64, 'base64')),
      ),
      cancel: os.uploads.cancel.handler(async ({ context, input }) => {
        await context.view().engine.uploads.remove(input.uploadId)
        return { ok: true }
      }),
    },
    jobs: {
      list: os.jobs.list.handler(({ context }) => ({ items: context.view().engine.jobs.recent().map(toJob) })),
      get: os.jobs.get.handler(({ context, input }) => toJob(context.view().engine.jobs.get(input.jobId))),
      cancel: os.jobs.cancel.handler(async ({ context, input }) =>
        toJob(await context.view().engine.jobs.cancel(input.jobId)),
      ),
    },
    challenges: {
      list: os.challenges.list.handler(({ context, input }) => challengesPage(context.view(), input)),
      get: os.challenges.get.handler(({ context, input }) => challengeDetail(context.view(), input.id)),
      evidence: os.challenges.evidence.handler(({ context, input }) => challengeEvidence(context.view(), input.id)),
    },
    proofs: {
      list: os.proofs.list.handler(({ context, input }) => proofsPage(context.view(), input)),
      get: os.proofs.get.handler(({ context, input }) => proofDetail(context.view(), input.id)),
      export: os.proofs.export.handler(({ context, input }) => proofBundle(context.view(), input.id)),
      verify: os.proofs.verify.handler(({ context, input }) => verifyProof(context.view(), input)),
    },
    network: {
      state: os.network.state.handler(({ context }) => networkView(context.view())),
    },
    transactions: {
      list: os.transactions.list.handler(({ context, input }) => transactionsPage(context.view(), input)),
      failure: os.transactions.failure.handler(({ context, input }) => transactionFailure(context.view(), input.id)),
    },
    alerts: {
      list: os.alerts.list.handler(({ context, input }) => alertsPage(context.view(), input)),
      acknowledge: os.alerts.acknowledge.handler(({ context, input }) => acknowledgeAlert(context.view(), input.id)),
    },
    ipfs: {
      add: os.ipfs.add.handler(async ({ context, input }) =>
        toJob(await context.view().engine.publisher.add(input.uploadId)),
      ),
      read: os.ipfs.read.handler(({ context, input, signal }) => readPart(context.view(), input, signal)),
      block: os.ipfs.block.handler(async ({ context, input, signal }) => {
        const bytes = await context.view().engine.blocks.blocks.read(parseContentCid(input.cid), { signal })
        return { bytesBase64: Buffer.from(bytes).toString('base64') }
      }),
      import: os.ipfs.import.handler(async ({ context, input }) =>
        toJob(await context.view().engine.publisher.importCar(input.uploadId)),
      ),
    },
    demo: {
      state: os.demo.state.handler(({ context }) => context.demo.state()),
      publishSample: os.demo.publishSample.handler(async ({ context }) => toJob(await context.demo.publishSample())),
      fault: os.demo.fault.handler(({ context, input }) => context.demo.fault(input.fault, input.depth)),
      reset: os.demo.reset.handler(({ context }): Promise<DemoState> => context.demo.reset()),
    },
    config: {
      effective: os.config.effective.handler(({ context }) => ({ entries: context.configEntries() })),
    },
    doctor: {
      run: os.doctor.run.handler(async ({ context }) => {
        const checks = await context.doctor()
        return { ok: checks.every(check => check.ok), checks }
      }),
    },
  })
}

export type OperatorRouter = ReturnType<typeof createRouter>

function toJob(job: JobRecord): Job {
  const { jobId, kind, state, step, progress } = job
  return {
    jobId,
    kind,
    state,
    step,
    progress,
    startedAt: toIso(job.startedAtMs),
    endedAt: job.endedAtMs === null ? null : toIso(job.endedAtMs),
    result: job.result === null ? null : { ...job.result },
    error: job.error === null ? null : { ...job.error, data: { ...job.error.data } },
  }
}

async function readPart(
  view: NodeView,
  input: { cid: string; offset: number; length: number },
  signal: AbortSignal | undefined,
) {
  const parts: Uint8Array[] = []
  for await (const part of readContent(view.engine.blocks, input.cid, {
    offset: input.offset,
    length: input.length,
    signal,
  }))
    parts.push(part)
  const bytes = Buffer.concat(parts)
  return { bytesBase64: bytes.toString('base64'), isEnd: bytes.length < input.length }
}
