/** The metrics port, its Prometheus registry and the silent one. */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import {
  type CounterName,
  type GaugeName,
  type HistogramName,
  type LabelsOf,
  METRICS,
  type MetricName,
} from './metric-table.ts'

/** What features feed. */
export type Metrics = {
  /** @param by 0 makes the series known before its first event, so that a rate sees the first one too. */
  count<N extends CounterName>(name: N, labels: LabelsOf<N>, by?: number): void
  observe<N extends HistogramName>(name: N, labels: LabelsOf<N>, value: number): void
}

export type SetGauge = <N extends GaugeName>(name: N, labels: LabelsOf<N>, value: number) => void

export type MetricsRegistry = Metrics & {
  /** The Prometheus text format 0.0.4. @param readGauges gives every gauge that has a value now; the others have none. */
  text(readGauges: (set: SetGauge) => void): Promise<string>
}

export const nullMetrics: Metrics = { count: () => undefined, observe: () => undefined }

/** Also collects what Node tells of its process, event-loop lag included: one registry for a process is enough. */
export function createMetrics(): MetricsRegistry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const gauges = new Map<MetricName, Gauge>()
  const counters = new Map<MetricName, Counter>()
  const histograms = new Map<MetricName, Histogram>()
  for (const name of Object.keys(METRICS) as MetricName[]) {
    const { type, help, labels, ...more } = METRICS[name]
    const options = { name, help, labelNames: [...labels], registers: [registry] }
    if (type === 'gauge') gauges.set(name, new Gauge(options))
    else if (type === 'counter') counters.set(name, new Counter(options))
    else histograms.set(name, new Histogram({ ...options, buckets: 'buckets' in more ? [...more.buckets] : [] }))
  }

  function clearGauges(): void {
    for (const [name, gauge] of gauges) {
      gauge.reset()
      if (METRICS[name].labels.length === 0) gauge.remove() // a reset alone leaves it at 0
    }
  }

  return {
    count: (name, labels, by = 1) => counters.get(name)?.inc(labels, by),
    observe: (name, labels, value) => histograms.get(name)?.observe(labels, value),
    text(readGauges) {
      clearGauges()
      readGauges((name, labels, value) => gauges.get(name)?.set(labels, value))
      return registry.metrics()
    },
  }
}
