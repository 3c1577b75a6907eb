/** The alerting rules and the dashboard name only metrics, labels and states that the node has. What promtool can see it checks itself. */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ALERT_SEVERITIES } from '../contract/alert-codes.ts'
import { ERROR_CODES } from '../contract/error-codes.ts'
import { METRICS } from './metric-table.ts'
import { createMetrics } from './metrics.ts'
import { parseExposition } from './parse-exposition.fixture.ts'

const read = (name: string) => readFile(join(import.meta.dirname, '../../../monitoring', name), 'utf8')
const rules = readRules(await read('emerald-rules.yml'))
const ruleTests = readGroups(await read('emerald-rules.test.yml'))
const dashboard: Dashboard = JSON.parse(await read('grafana-dashboard.json'))
const { panels } = dashboard
const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })))
const series = await knownSeries()

/** Prometheus adds them to every series that it scrapes. */
const TARGET_LABELS = ['job', 'instance']

describe('the alerting rules', () => {
  it('are all read here', async () => {
    expect(rules.length).toBe((await read('emerald-rules.yml')).match(/- alert:/g)?.length)
    expect(new Set(rules.map(each => each.alert)).size).toBe(rules.length)
    expect(rules.length).toBeGreaterThan(0)
  })

  it.each(rules)('$alert names what there is', ({ expr }) => {
    expect(unknownIn(expr)).toEqual([])
  })

  it.each(rules)('$alert has a severity of the node, a summary and advice that names its own labels', rule => {
    expect(ALERT_SEVERITIES).toContain(rule.severity)
    expect(rule.text).toMatch(/\n +summary: \S.{10,}/)
    expect(rule.text).toMatch(/\n +description: (?:>-\n +)?\S.{10,}/)
    const kept = /\bby \(([^)]*)\)/.exec(rule.expr)?.[1]?.split(', ')
    const named = [...rule.text.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label)
    for (const label of named) expect(kept ?? labelsIn(rule.expr)).toContain(label)
  })

  it.each(rules)('$alert is shown by its test to fire, beside a node for which it does not', ({ alert }) => {
    const test = ruleTests.get(alert)
    expect(test).toContain(`alertname="${alert}"`)
    expect(test).toContain('instance="good"')
  })
})

describe('the dashboard', () => {
  it('has its rows, each with panels', () => {
    const shape = panels.map(({ type }) => (type === 'row' ? 'row' : 'panel')).join(' ')
    expect(shape).toMatch(/^(?:row(?: panel)+ ?){4}$/)
    expect(queries.length).toBeGreaterThanOrEqual(panels.length - 4)
  })

  it.each(queries)('$title: $expr', ({ expr }) => {
    expect(unknownIn(expr)).toEqual([])
  })

  it('asks for the node and the data source by variables that it has', () => {
    const names = dashboard.templating.list.map(({ name }) => name)
    const used = [...JSON.stringify(dashboard).matchAll(/\$\{?(\w+)/g)].map(([, name]) => name)
    expect(new Set(used)).toEqual(new Set([...names, '__rate_interval']))
  })
})

describe('the reader of expressions', () => {
  it.each([
    ['emerald_gone > 0', 'emerald_gone'],
    ['rate(emerald_gone_total[5m])', 'emerald_gone_total'],
    ['emerald_proof_step_seconds > 1', 'emerald_proof_step_seconds'],
    ['emerald_head_block{operator="1"}', 'emerald_head_block{operator}'],
    ['sum by (job, operator) (emerald_head_block)', 'by operator'],
    ['emerald_challenges{state=~"open|late"}', 'emerald_challenges{state="late"}'],
    ['emerald_failed_duties_total{code="NO_SUCH"}', 'emerald_failed_duties_total{code="NO_SUCH"}'],
  ])('finds what is wrong with %s', (expr, wrong) => {
    expect(unknownIn(expr)).toEqual([wrong])
  })
})

type Panel = { readonly title: string; readonly type: string; readonly targets?: readonly { readonly expr: string }[] }
type Dashboard = {
  readonly panels: readonly Panel[]
  readonly templating: { readonly list: readonly { readonly name: string }[] }
}

type Rule = { readonly alert: string; readonly expr: string; readonly severity: string; readonly text: string }

/** Each rule is a list item that begins with its name; an expression stands on its line, or folded below it. */
function readRules(text: string): Rule[] {
  return text
    .split(/^ {6}- alert: /m)
    .slice(1)
    .map(part => ({
      alert: /^\w+/.exec(part)?.[0] ?? '',
      expr: (/\n {8}expr: (?:>-)?(.*(?:\n {10}.*)*)/.exec(part)?.[1] ?? '').replace(/\s+/g, ' ').trim(),
      severity: /\n {10}severity: (\w+)/.exec(part)?.[1] ?? '',
      text: part,
    }))
}

function readGroups(text: string): Map<string, string> {
  const parts = text.split(/^ {2}- name: /m).slice(1)
  return new Map(parts.map(part => [/^\w+/.exec(part)?.[0] ?? '', part]))
}

/** Every series that a scrape can give, with its labels. */
async function knownSeries(): Promise<Map<string, readonly string[]>> {
  const known = new Map<string, readonly string[]>([['up', []]])
  const names = parseExposition(await createMetrics().text(() => undefined)).keys()
  for (const name of names) if (!(name in METRICS)) known.set(name, [])
  for (const [name, { type, labels }] of Object.entries(METRICS)) {
    if (type !== 'histogram') known.set(name, labels)
    else for (const end of ['bucket', 'sum', 'count']) known.set(`${name}_${end}`, [...labels, 'le'])
  }
  return known
}

/** Names in an expression that are no function, keyword, label, string, duration or number. */
function metricsIn(expr: string): string[] {
  const bare = expr
    .replace(/\{[^}]*\}|"[^"]*"|\[[^\]]*\]/g, ' ')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right) ?\([^)]*\)/g, ' ')
  const names = bare.match(/\b[a-zA-Z_]\w*\b(?!\s*\()/g) ?? []
  return names.filter(name => !/^(?:and|or|unless|bool)$/.test(name))
}

function labelsIn(expr: string): string[] {
  return [...TARGET_LABELS, ...metricsIn(expr).flatMap(name => series.get(name) ?? [])]
}

function unknownIn(expr: string): string[] {
  const names = metricsIn(expr).filter(name => !series.has(name))
  const groupings = [...expr.matchAll(/\b(?:by|without|on|ignoring) ?\(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(', '),
  )
  const known = labelsIn(expr)
  const wrongGroupings = groupings.filter(label => !known.includes(label)).map(label => `by ${label}`)
  const selectors = [...expr.matchAll(/(\w+)\{([^}]*)\}/g)].flatMap(([, name = '', list = '']) =>
    unknownMatchers(name, list),
  )
  return [...names, ...wrongGroupings, ...selectors]
}

function unknownMatchers(name: string, list: string): string[] {
  const known = [...TARGET_LABELS, ...(series.get(name) ?? [])]
  return [...list.matchAll(/(\w+)(?:=~?|!=|!~)"([^"]*)"/g)].flatMap(([, label = '', values = '']) => {
    if (!known.includes(label)) return [`${name}{${label}}`]
    const wrong = values.split('|').filter(value => !isKnownValue(name, label, value))
    return wrong.map(value => `${name}{${label}="${value}"}`)
  })
}

/** What a metric's states are its help says. */
function isKnownValue(name: string, label: string, value: string): boolean {
  if (label === 'code') return value in ERROR_CODES
  if (!['state', 'severity', 'lane', 'outcome'].includes(label)) return true
  const entry = Object.entries(METRICS).find(([metric]) => name === metric || name.startsWith(`${metric}_`))
  return new RegExp(`\\b${value}\\b`).test(entry?.[1].help ?? '')
}
