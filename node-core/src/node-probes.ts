/** What /health, /ready and /metrics answer: whether the node lives, whether it can be relied on, and everything it measures. */

import { type Clock, systemClock } from './base/clock.ts'
import { isStaleHead } from './domain/stale-head.ts'
import type { Engine } from './engine.ts'
import type { MetricsRegistry } from './telemetry/metrics.ts'
import type { ReadyAnswer } from './views/health-view.ts'
import { type GaugedEngine, readGauges } from './views/read-gauges.ts'

export type ProbedEngine = GaugedEngine & Pick<Engine, 'rpc'>

/** Undefined for the moment in which the engine is replaced. */
type FindEngine = () => ProbedEngine | undefined

/** Whoever asks, and however often: a render reads every gauge's table. */
const RENDER_MS = 1_000

export function createProbes(
  findEngine: FindEngine,
  metrics: MetricsRegistry,
  clock: Pick<Clock, 'elapsedMs'> = systemClock,
) {
  let rendered: { readonly atMs: number; readonly text: Promise<string> } | undefined

  async function render(): Promise<string> {
    const engine = findEngine()
    return metrics.text(set => {
      if (engine !== undefined) readGauges(engine, metrics, set)
    })
  }

  return {
    health: async () => healthOf(findEngine()),
    ready: async () => readinessOf(findEngine()),
    async metrics(): Promise<string> {
      if (rendered === undefined || clock.elapsedMs() - rendered.atMs >= RENDER_MS)
        rendered = { atMs: clock.elapsedMs(), text: render() }
      try {
        return await rendered.text
      } catch (error) {
        rendered = undefined
        throw error
      }
    },
  }
}

async function healthOf(engine: ProbedEngine | undefined) {
  if (engine === undefined)
    return { status: 503, body: { status: 'stopping', db: 'closed', chain: 'unreachable', ipfs: 'stopped' } }
  const ipfs = await engine.blocks.state()
  // Where the chain stands is known from the database.
  if (!engine.store.canRead())
    return { status: 200, body: { status: 'degraded', db: 'failing', chain: 'unknown', ipfs } }
  const { isReachable, head, lagBlocks } = engine.follower.state()
  const chain = !isReachable ? 'unreachable' : isStale(engine) ? 'stale' : 'connected'
  const isHealthy = chain === 'connected' && ipfs === 'running'
  return {
    status: 200,
    body: {
      ...{ status: isHealthy ? 'healthy' : 'degraded', db: 'connected', chain, ipfs },
      head: head?.number ?? null,
      headAgeSeconds: Math.round(engine.follower.headAgeMs() / 1_000),
      lagBlocks: lagBlocks ?? null,
      endpoints: engine.rpc.state().map(({ host, standing, breaker }) => ({ host, standing, breaker: breaker.kind })),
    },
  }
}

async function readinessOf(engine: ProbedEngine | undefined): Promise<{
  status: number
  body: ReadyAnswer['body'] & { head?: number | null }
}> {
  const ipfs = await engine?.blocks.state()
  if (engine?.store.canRead() === false) return { status: 503, body: { ready: false, reasons: ['db'] } }
  const head = engine?.follower.head()?.number ?? null
  const reasons: string[] = []
  if (engine === undefined) reasons.push('engine')
  else if (ipfs !== 'running') reasons.push('ipfs')
  if (engine?.follower.state().isReachable !== true) reasons.push('chain')
  if (head === null) reasons.push('head')
  else if (engine !== undefined && isStale(engine)) reasons.push('head_stale')
  return reasons.length === 0
    ? { status: 200, body: { ready: true, head } }
    : { status: 503, body: { ready: false, reasons } }
}

const isStale = ({ follower, options }: ProbedEngine): boolean => isStaleHead(follower.headAgeMs(), options.blockMs)
