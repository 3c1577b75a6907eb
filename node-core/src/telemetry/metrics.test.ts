/** The registry: its text, its names, and the document made from its table. */

import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { METRICS } from './metric-table.ts'
import { createMetrics, type SetGauge } from './metrics.ts'
import { parseExposition } from './parse-exposition.fixture.ts'
import { metricsDocument, renderMetrics } from './render-metrics.ts'

const none = () => undefined

describe('the text of the registry', () => {
  it('is well formed, with every value that it was given', async () => {
    const metrics = createMetrics()
    metrics.count('custody_proofs_rejected_total', { operator: 3, self: 'true' })
    metrics.count('custody_proofs_rejected_total', { operator: 3, self: 'true' })
    metrics.count('emerald_failed_duties_total', { duty: 'answer', code: 'a "quoted" \\ and\nbroken one' })
    metrics.observe('emerald_proof_step_seconds', { step: 'open' }, 0.3)
    metrics.observe('emerald_proof_step_seconds', { step: 'open' }, 0.03)
    const families = parseExposition(await metrics.text(set => set('emerald_head_block', {}, 7)))
    expect(families.get('custody_proofs_rejected_total')?.samples).toEqual([
      { name: 'custody_proofs_rejected_total', labels: { operator: '3', self: 'true' }, value: 2 },
    ])
    expect(families.get('emerald_failed_duties_total')?.samples).toHaveLength(1)
    const steps = families.get('emerald_proof_step_seconds')?.samples ?? []
    expect(steps.find(each => each.labels.le === '0.1')?.value).toBe(1)
    expect(steps.find(each => each.name.endsWith('_sum'))?.value).toBeCloseTo(0.33)
    expect(families.get('emerald_head_block')?.samples).toEqual([{ name: 'emerald_head_block', labels: {}, value: 7 }])
  })

  it('has only the gauges that were read for it', async () => {
    const metrics = createMetrics()
    const both = (set: SetGauge) => {
      set('emerald_head_block', {}, 7)
      set('emerald_deadline_blocks', { operator: 1 }, 3)
    }
    await metrics.text(both)
    const families = parseExposition(await metrics.text(none))
    expect(families.get('emerald_head_block')?.samples).toEqual([])
    expect(families.get('emerald_deadline_blocks')?.samples).toEqual([])
  })

  it('knows a series before its first event', async () => {
    const metrics = createMetrics()
    metrics.count('custody_proofs_rejected_total', { operator: 0, self: 'true' }, 0)
    const families = parseExposition(await metrics.text(none))
    expect(families.get('custody_proofs_rejected_total')?.samples.map(each => each.value)).toEqual([0])
  })

  it('tells of the event loop and of every metric of the table, and of nothing else but the process', async () => {
    const names = [...parseExposition(await createMetrics().text(none)).keys()]
    expect(names).toContain('nodejs_eventloop_lag_p99_seconds')
    expect(names.filter(name => !/^(?:process|nodejs)_/.test(name)).sort()).toEqual(Object.keys(METRICS).sort())
  })
})

describe('the table', () => {
  /** What is counted, or what it is measured in. */
  const UNITS =
    /_(?:seconds|blocks?|wei|state|proofs|challenges|posts|operators|transactions|tasks|workers|duties|peers|alerts)$/
  it.each(Object.entries(METRICS))('%s has help, a prefix and a unit, and a counter says total', (name, entry) => {
    expect(entry.help).toMatch(/^\S.{15,}\.$/)
    expect(name).toMatch(/^(?:emerald|custody)_/)
    expect(name.endsWith('_total')).toBe(entry.type === 'counter')
    if (entry.type !== 'counter') expect(name).toMatch(UNITS)
    expect('buckets' in entry).toBe(entry.type === 'histogram')
  })

  it('is what docs/metrics.md says', async () => {
    expect(await readFile(metricsDocument, 'utf8')).toBe(renderMetrics())
  })
})

describe('the reader of the text format', () => {
  const head = '# HELP a_total Help.\n# TYPE a_total counter\n'
  it.each([
    ['a line that does not end', `${head}a_total 1`],
    ['a sample of no family', 'a_total 1\n'],
    ['a sample of another family', `${head}b_total 1\n`],
    ['a series twice', `${head}a_total{x="1"} 1\na_total{x="1"} 2\n`],
    ['a label without quotes', `${head}a_total{x=1} 1\n`],
    ['a value that is no number', `${head}a_total one\n`],
    ['an unknown type', '# HELP a Help.\n# TYPE a count\na 1\n'],
    [
      'a histogram that falls',
      '# HELP h H.\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n',
    ],
  ])('refuses %s', (_, text) => {
    expect(() => parseExposition(text)).toThrow()
  })
})
