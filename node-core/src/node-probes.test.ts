import { beforeEach, expect, test } from 'vitest'
import { createFakeClock } from './base/fake-clock.fixture.ts'
import type { BlockNodeState } from './blocks/block-node.ts'
import { createProbes, type ProbedEngine } from './node-probes.ts'
import { openStore, type Store } from './store/store.ts'
import { createMetrics } from './telemetry/metrics.ts'

const facts = { isReachable: true, headAgeMs: 1_000, hasHead: true, ipfs: 'running' as BlockNodeState }
let store: Store
let engine: ProbedEngine | undefined
beforeEach(() => {
  Object.assign(facts, { isReachable: true, headAgeMs: 1_000, hasHead: true, ipfs: 'running' })
  store = openStore(':memory:')
  const head = () => (facts.hasHead ? { number: 7 } : undefined)
  const parts = {
    options: { blockMs: 12_000 },
    store,
    blocks: { state: async () => facts.ipfs },
    follower: {
      head,
      headAgeMs: () => facts.headAgeMs,
      state: () => ({ isReachable: facts.isReachable, head: head(), lagBlocks: 2 }),
    },
    rpc: { state: () => [{ host: 'a.example', standing: 'silent', breaker: { kind: 'open', untilMs: 5 } }] },
  }
  engine = parts as unknown as ProbedEngine // nothing else of these parts is read
  return () => store[Symbol.dispose]()
})

test('the metrics are rendered at most once a second, and anew when that failed', async () => {
  const clock = createFakeClock()
  let renders = 0
  let isBroken = false
  const registry = {
    ...createMetrics(),
    async text() {
      renders += 1
      if (isBroken) throw new Error('a table is locked')
      return `render ${renders}`
    },
  }
  const { metrics } = createProbes(() => engine, registry, clock)
  expect(await Promise.all([metrics(), metrics()])).toEqual(['render 1', 'render 1'])
  clock.advance(999)
  expect(await metrics()).toBe('render 1')
  clock.advance(1)
  isBroken = true
  await expect(metrics()).rejects.toThrow('locked')
  isBroken = false
  expect(await metrics()).toBe('render 3')
})

const probes = createProbes(() => engine, createMetrics())

test('a node that follows a living chain is ready and healthy, and says how it reaches it', async () => {
  expect(await probes.ready()).toEqual({ status: 200, body: { ready: true, head: 7 } })
  expect(await probes.health()).toEqual({
    status: 200,
    body: {
      ...{ status: 'healthy', db: 'connected', chain: 'connected', ipfs: 'running' },
      ...{ head: 7, headAgeSeconds: 1, lagBlocks: 2 },
      endpoints: [{ host: 'a.example', standing: 'silent', breaker: 'open' }],
    },
  })
})

test('a head that stays the same for many block times makes it unready and degraded', async () => {
  facts.headAgeMs = 120_000
  expect((await probes.ready()).status).toBe(200)
  facts.headAgeMs = 120_001
  expect(await probes.ready()).toEqual({ status: 503, body: { ready: false, reasons: ['head_stale'] } })
  expect(await probes.health()).toMatchObject({ status: 200, body: { status: 'degraded', chain: 'stale' } })
})

test('a database or a block node that fails is told, and makes it unready', async () => {
  facts.ipfs = 'failing'
  expect(await probes.health()).toMatchObject({ status: 200, body: { status: 'degraded', ipfs: 'failing' } })
  expect(await probes.ready()).toEqual({ status: 503, body: { ready: false, reasons: ['ipfs'] } })
  facts.ipfs = 'stopped'
  expect((await probes.health()).body).toMatchObject({ status: 'degraded', ipfs: 'stopped' })
  facts.ipfs = 'running'
  store[Symbol.dispose]()
  expect(await probes.health()).toEqual({
    status: 200,
    body: { status: 'degraded', db: 'failing', chain: 'unknown', ipfs: 'running' },
  })
  expect(await probes.ready()).toEqual({ status: 503, body: { ready: false, reasons: ['db'] } })
})

test('every reason is told', async () => {
  Object.assign(facts, { isReachable: false, headAgeMs: 120_001 })
  expect((await probes.ready()).body).toEqual({ ready: false, reasons: ['chain', 'head_stale'] })
  expect((await probes.health()).body).toMatchObject({ status: 'degraded', chain: 'unreachable' })
  facts.hasHead = false
  expect((await probes.ready()).body).toEqual({ ready: false, reasons: ['chain', 'head'] })
  engine = undefined
  expect(await probes.ready()).toEqual({ status: 503, body: { ready: false, reasons: ['engine', 'chain', 'head'] } })
  expect(await probes.health()).toMatchObject({ status: 503, body: { status: 'stopping', db: 'closed' } })
})
