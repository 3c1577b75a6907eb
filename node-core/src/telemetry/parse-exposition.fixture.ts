/**
 * A strict reader of the Prometheus text format 0.0.4, for tests.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */

export type Sample = {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}
export type Family = { readonly type: string; readonly help: string; readonly samples: readonly Sample[] }

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"'
const SAMPLE = new RegExp(`^(${NAME})(?:\\{((?:${LABEL}(?:,${LABEL})*,?)?)\\})? (\\S+)(?: -?\\d+)?$`)
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  untyped: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
}

/** By name of the family. @throws Error that names the line which breaks the format. */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const families = new Map<string, { type: string; help: string; samples: Sample[] }>()
  const seen = new Set<string>()
  let current = ''
  for (const line of text.split('\n').filter(each => each !== '')) {
    const [, keyword, name = '', rest = ''] = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`).exec(line) ?? []
    if (keyword === 'HELP') {
      if (families.has(name)) throw new Error(`a second HELP: ${line}`)
      families.set(name, { type: '', help: rest, samples: [] })
      current = name
    } else if (keyword === 'TYPE') {
      const family = families.get(name)
      if (family === undefined || name !== current || family.type !== '' || SUFFIXES[rest] === undefined)
        throw new Error(`a TYPE out of place: ${line}`)
      family.type = rest
    } else {
      const sample = parseSample(line)
      const family = families.get(current)
      const isOfFamily = SUFFIXES[family?.type ?? '']?.some(suffix => sample.name === current + suffix)
      if (family === undefined || !isOfFamily) throw new Error(`a sample outside its family: ${line}`)
      const series = `${sample.name}${JSON.stringify(Object.entries(sample.labels).sort())}`
      if (seen.has(series)) throw new Error(`a series twice: ${line}`)
      seen.add(series)
      family.samples.push(sample)
    }
  }
  for (const [name, family] of families) if (family.type === 'histogram') checkHistogram(name, family.samples)
  return families
}

function parseSample(line: string): Sample {
  const [, name, labels = '', written = ''] = SAMPLE.exec(line) ?? []
  if (name === undefined) throw new Error(`no sample: ${line}`)
  // As Go's ParseFloat, which ignores the case of these words: the client library writes "Nan".
  const value = Number(written.replace(/^([+-]?)inf$/i, '$1Infinity'))
  if (Number.isNaN(value) && !/^nan$/i.test(written)) throw new Error(`no number: ${line}`)
  const pairs = [...labels.matchAll(new RegExp(LABEL, 'g'))].map(([pair]) => {
    const at = pair.indexOf('=')
    return [pair.slice(0, at), pair.slice(at + 2, -1)] as const
  })
  if (new Set(pairs.map(([label]) => label)).size < pairs.length) throw new Error(`a label twice: ${line}`)
  return { name, labels: Object.fromEntries(pairs), value }
}

/** Buckets never fall, and the last one, +Inf, is the count. */
function checkHistogram(name: string, samples: readonly Sample[]): void {
  const rows = new Map<string, { buckets: [bound: number, value: number][]; count: number | undefined }>()
  for (const { name: sample, labels, value } of samples) {
    const { le, ...others } = labels
    const key = JSON.stringify(Object.entries(others).sort())
    const row = rows.get(key) ?? { buckets: [], count: undefined }
    rows.set(key, row)
    if (sample === `${name}_bucket`) row.buckets.push([Number(le?.replace('+Inf', 'Infinity')), value])
    if (sample === `${name}_count`) row.count = value
  }
  for (const { buckets, count } of rows.values()) {
    const isRising = buckets.every(([bound, value], at) => {
      const [before, less] = buckets[at - 1] ?? [Number.NEGATIVE_INFINITY, 0]
      return bound > before && value >= less
    })
    const last = buckets.at(-1)
    if (!isRising || last?.[0] !== Number.POSITIVE_INFINITY || last[1] !== count)
      throw new Error(`the histogram ${name} does not add up`)
  }
}
