/** Writes docs/metrics.md from the table of metrics: `npm run metrics -w @emerald/node-core`. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { METRICS } from './metric-table.ts'

const head = `# Metrics

Generated from \`node-core/src/telemetry/metric-table.ts\` by \`npm run metrics -w @emerald/node-core\`; do not edit.

The operator port answers \`GET /metrics\` without a token, in the text format of Prometheus. Gauges are read from the node's tables at
each scrape: what they say of the chain holds for the branch that the node follows, so a reorg takes it back. Counters and histograms
count what this process has seen, and start at 0 with it. Beside these there are the usual metrics of a Node process
(\`process_…\`, \`nodejs_…\`), with the lag of its event loop (\`nodejs_eventloop_lag_seconds\` and its percentiles).

\`operator\` is an operator's index. \`self\` is \`true\` for what is this node's own: an operator whose key it holds, or, for rejected
proofs, a proof that one of its keys sent.

| name | type | labels | meaning |
|---|---|---|---|
`

export const metricsDocument = join(import.meta.dirname, '../../../docs/metrics.md')

export function renderMetrics(): string {
  const rows = Object.entries(METRICS).map(([name, { type, labels, help }]) => {
    const names = labels.map(label => `\`${label}\``).join(', ')
    return `| \`${name}\` | ${type} | ${names} | ${help.replaceAll('|', '\\|')} |\n`
  })
  return head + rows.join('')
}

if (import.meta.main) writeFileSync(metricsDocument, renderMetrics())
