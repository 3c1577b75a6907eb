/** Implements the operator contract over the made-up network. */

import { setTimeout as sleep } from 'node:timers/promises'
import { ERROR_CODES, type ErrorCode } from '@emerald/node-core/contract/error-codes.ts'
import { operatorContract } from '@emerald/node-core/contract/operator.ts'
import type { Job, Proof } from '@emerald/node-core/contract/shapes.ts'
import { implement, ORPCError } from '@orpc/server'
import { hash } from './made-up.ts'
import { demoStateOf, evidenceOf, overviewOf } from './stand-in-answers.ts'
import { networkStateOf, transactionsOf } from './stand-in-network.ts'
import type { World } from './stand-in-world.ts'

export type StandInOptions = { readonly isFailing: boolean; readonly reset: () => void }
type Upload = {
  readonly fileName: string
  readonly contentType: string
  readonly byteLength: number
  receivedBytes: number
}

function fail(code: ErrorCode, data: Record<string, unknown> = {}) {
  const { status, message } = ERROR_CODES[code]
  return new ORPCError(code, {
    status,
    message,
    data: { ok: false, error: message, code, data, trace_id: hash(String(Math.random())).slice(2, 18) },
  })
}

const page = <Row>(rows: readonly Row[], cursor: string | undefined, limit: number) => {
  const from = cursor === undefined ? 0 : Number(cursor)
  const end = from + limit
  return { items: rows.slice(from, end), nextCursor: end < rows.length ? String(end) : null, total: rows.length }
}
const found = <Row>(row: Row | undefined, code: ErrorCode): Row => {
  if (row === undefined) throw fail(code)
  return row
}

const bundleOf = (proof: Proof) => ({ version: 1, ...proof, seal: hash(JSON.stringify(proof)) })

export function createRouter(world: () => World, options: StandInOptions) {
  const os = implement(operatorContract)
  const uploads = new Map<string, Upload>()
  let nextId = 1
  const guard = os.middleware(({ next }) => {
    if (options.isFailing) throw fail('DATABASE_ERROR')
    return next()
  })

  function runJob(kind: Job['kind'], fileName: string, byteLength: number, contentType: string): Job {
    const { jobs, emit, register } = world()
    const jobId = `job-${nextId++}`
    const job: Job = {
      jobId,
      kind,
      state: 'running',
      step: 'receive',
      progress: 0.05,
      startedAt: new Date().toISOString(),
      endedAt: null,
      result: null,
      error: null,
    }
    jobs.set(jobId, job)
    void (async () => {
      for (const [index, step] of ['encode', 'commit', 'commit', 'pin', 'register'].entries()) {
        await sleep(350)
        if (job.state !== 'running') return
        Object.assign(job, { step, progress: 0.15 + index * 0.18 })
        emit('job', jobId)
      }
      await sleep(350)
      const post = register(fileName, byteLength, contentType)
      const result = {
        postId: post.postId,
        cid: post.cid,
        root: post.root,
        sha256: hash(fileName),
        keccak256: hash(`${fileName}k`),
        blobs: post.blobCount,
      }
      Object.assign(job, { state: 'done', progress: 1, endedAt: new Date().toISOString(), result })
      emit('job', jobId)
    })()
    return job
  }

  const router = os.use(guard).router({
    node: {
      facts: os.node.facts.handler(() => ({
        version: '0.1.0',
        profile: 'demo',
        networkName: 'Local demo chain',
        chainId: 31_337,
        isDemo: true,
        operators: world().operators,
        startedAt: world().startedAt,
        dataDirectory: '/home/demo/.local/share/emerald/demo',
        peerId: '12D3KooWQ8Ww3n5mUqGf7Zyq1m8rWc5q9bHhJx4d2Kk1sT7uVvNp',
        limits: {
          uploadMaxBytes: 64 * 1_048_576,
          contentTypes: [
            'application/json',
            'application/pdf',
            'image/jpeg',
            'image/png',
            'text/plain',
            'text/csv',
            'video/mp4',
          ],
        },
      })),
      overview: os.node.overview.handler(({ input }) => overviewOf(world(), input.operator)),
      health: os.node.health.handler(() => ({
        status: 'healthy',
        parts: Object.entries({ db: 'connected', chain: 'connected', ipfs: 'running' }).map(([name, state]) => ({
          ...{ name, state },
        })),
        ...{ isReady: true, reasons: [], duties: { single: 1, batch: 0, content: 0 } },
      })),
      events: os.node.events.handler(async function* ({ input, signal }) {
        let seq = input.afterSeq ?? world().events.at(-1)?.seq ?? 0
        while (!signal?.aborted) {
          for (const event of world().events.filter(candidate => candidate.seq > seq)) {
            seq = event.seq
            yield event
          }
          await new Promise<void>(resolve => {
            const wake = () => {
              world().listeners.delete(wake)
              resolve()
            }
            world().listeners.add(wake)
            signal?.addEventListener('abort', wake, { once: true })
          })
        }
      }),
    },
    operators: { list: os.operators.list.handler(() => ({ items: world().operators })) },
    posts: {
      list: os.posts.list.handler(({ input }) => {
        const wanted = (input.search ?? '').toLowerCase()
        const rows = world().posts.filter(
          post =>
            (!input.state || post.state === input.state) &&
            `${post.fileName} ${post.cid} ${post.postId}`.toLowerCase().includes(wanted),
        )
        return page(rows, input.cursor, input.limit)
      }),
      get: os.posts.get.handler(({ input }) => ({
        ...found(
          world().posts.find(post => post.postId === input.postId),
          'POST_NOT_FOUND',
        ),
        timeline: world().timelines.get(input.postId) ?? [],
      })),
      forget: os.posts.forget.handler(({ input }) => {
        const post = found(
          world().posts.find(each => each.postId === input.postId),
          'POST_NOT_FOUND',
        )
        if (post.state !== 'ended' && post.state !== 'lapsed') throw fail('UNDER_DUTY')
        post.content = 'absent'
        return { postId: post.postId, cid: post.cid, deletedBlocks: post.blobCount }
      }),
      publish: os.posts.publish.handler(({ input }) => {
        const upload = found(uploads.get(input.uploadId), 'UPLOAD_NOT_FOUND')
        return runJob('publish', upload.fileName, upload.byteLength, upload.contentType)
      }),
    },
    uploads: {
      begin: os.uploads.begin.handler(({ input }) => {
        if (input.fileName.endsWith('.exe')) throw fail('CONTENT_TYPE_MISMATCH')
        const uploadId = `upload-${nextId++}`
        uploads.set(uploadId, { ...input, receivedBytes: 0 })
        return { uploadId, receivedBytes: 0, byteLength: input.byteLength }
      }),
      append: os.uploads.append.handler(async ({ input }) => {
        const upload = found(uploads.get(input.uploadId), 'UPLOAD_NOT_FOUND')
        if (input.offset !== upload.receivedBytes)
          throw fail('UPLOAD_OUT_OF_ORDER', { expectedOffset: upload.receivedBytes })
        await sleep(120)
        upload.receivedBytes += Buffer.from(input.bytesBase64, 'base64').length
        return { uploadId: input.uploadId, receivedBytes: upload.receivedBytes, byteLength: upload.byteLength }
      }),
      cancel: os.uploads.cancel.handler(({ input }) => {
        uploads.delete(input.uploadId)
        return { ok: true as const }
      }),
    },
    jobs: {
      list: os.jobs.list.handler(() => ({ items: [...world().jobs.values()] })),
      get: os.jobs.get.handler(({ input }) => found(world().jobs.get(input.jobId), 'JOB_NOT_FOUND')),
      cancel: os.jobs.cancel.handler(({ input }) => {
        const job = found(world().jobs.get(input.jobId), 'JOB_NOT_FOUND')
        job.state = 'cancelled'
        world().emit('job', job.jobId)
        return job
      }),
    },
    challenges: {
      list: os.challenges.list.handler(({ input }) => {
        const rows = [...world().challenges.values()]
          .reverse()
          .filter(
            row =>
              (input.operator === undefined || row.operator === input.operator) &&
              (!input.state || row.state === input.state) &&
              (!input.postId || row.postId === input.postId),
          )
        return page(rows, input.cursor, input.limit)
      }),
      get: os.challenges.get.handler(({ input }) => found(world().challenges.get(input.id), 'CHALLENGE_NOT_FOUND')),
      evidence: os.challenges.evidence.handler(({ input }) =>
        found(evidenceOf(world(), input.id), 'EVIDENCE_NOT_FOUND'),
      ),
    },
    proofs: {
      list: os.proofs.list.handler(({ input }) => {
        const rows = [...world().proofs.values()]
          .reverse()
          .filter(row => input.operator === undefined || row.operator === input.operator)
        return page(rows, input.cursor, input.limit)
      }),
      get: os.proofs.get.handler(({ input }) => found(world().proofs.get(input.id), 'PROOF_NOT_FOUND')),
      export: os.proofs.export.handler(({ input }) => bundleOf(found(world().proofs.get(input.id), 'PROOF_NOT_FOUND'))),
      verify: os.proofs.verify.handler(({ input }) => {
        const names = ['format', 'cid', 'postId', 'seed', 'salt', 'indexes', 'point', 'paths', 'commitment', 'opening']
        if ('id' in input) return { ok: true, checks: names.map(name => ({ name, ok: true })) }
        const { seal, version, ...proof } = input.bundle
        if (typeof seal !== 'string' || version !== 1) throw fail('MALFORMED_BUNDLE')
        const isTrue = hash(JSON.stringify(proof)) === seal
        return { ok: isTrue, checks: names.map(name => ({ name, ok: isTrue || name !== 'opening' })) }
      }),
    },
    network: { state: os.network.state.handler(() => networkStateOf(world())) },
    transactions: {
      list: os.transactions.list.handler(({ input }) => {
        const rows = transactionsOf(world()).filter(row => !input.state || row.state === input.state)
        return page(rows, input.cursor, input.limit)
      }),
      failure: os.transactions.failure.handler(() => ({ reason: 'EpochStillOpen(12, 480)' })),
    },
    alerts: {
      list: os.alerts.list.handler(({ input }) => {
        const rows = world().alerts.filter(row => input.filter === 'all' || row.resolvedAt === null)
        return page(rows, input.cursor, input.limit)
      }),
      acknowledge: os.alerts.acknowledge.handler(({ input }) => {
        const alert = found(
          world().alerts.find(row => row.id === input.id),
          'ALERT_NOT_FOUND',
        )
        alert.acknowledgedAt = new Date().toISOString()
        if (alert.code !== 'STORAGE_CORRUPT') alert.resolvedAt = alert.acknowledgedAt
        world().emit('alert', alert.subject)
        return alert
      }),
    },
    ipfs: {
      add: os.ipfs.add.handler(() => {
        throw fail('METHOD_NOT_FOUND')
      }),
      read: os.ipfs.read.handler(() => {
        throw fail('METHOD_NOT_FOUND')
      }),
      block: os.ipfs.block.handler(() => {
        throw fail('METHOD_NOT_FOUND')
      }),
      import: os.ipfs.import.handler(() => {
        throw fail('METHOD_NOT_FOUND')
      }),
    },
    demo: {
      state: os.demo.state.handler(() => demoStateOf(world())),
      publishSample: os.demo.publishSample.handler(() => runJob('demo', 'sample-harbour.png', 371_204, 'image/png')),
      fault: os.demo.fault.handler(({ input }) => {
        const { operators, faults, posts, emit } = world()
        faults[input.fault] = 'active'
        const operator = operators[1]
        if (input.fault === 'miss' && operator) operator.isOnline = false
        if (input.fault === 'corrupt' && posts[0]) posts[0].content = 'damaged'
        if (input.fault === 'reorg') {
          world().head -= input.depth ?? 3
          faults.reorg = 'done'
          emit('reorg')
        }
        emit('demo')
        return demoStateOf(world())
      }),
      reset: os.demo.reset.handler(() => {
        options.reset()
        return demoStateOf(world())
      }),
    },
    config: { effective: os.config.effective.handler(() => ({ entries: [] })) },
    doctor: { run: os.doctor.run.handler(() => ({ ok: true, checks: [] })) },
  })
  return router
}
