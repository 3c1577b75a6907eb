/** One measured figure beside what it is compared with. */

/** `target` bounds `figure` from the side that `better` names; a figure is a ratio to the baseline, or has a unit of its own. */
export type Row = {
  readonly name: string
  readonly ours: string
  /** Null where nothing else does the same. */
  readonly baseline: string | null
  readonly figure: number
  readonly unit: 'ratio' | 'ms' | 'logs/s'
  readonly better: 'lower' | 'higher'
  readonly target: number | null
}

export const ms = (value: number): string => `${value.toFixed(1)} ms`

export function toMarkdown(rows: readonly Row[]): string {
  const lines = rows.map(({ name, ours, baseline, figure, unit, better, target }) => {
    const shown = unit === 'ratio' ? figure.toFixed(2) : `${Math.round(figure)} ${unit}`
    const wanted =
      target === null ? '-' : `${better === 'lower' ? '<=' : '>='} ${target}${unit === 'ratio' ? '' : ` ${unit}`}`
    const isMet = target === null ? '-' : (better === 'lower' ? figure <= target : figure >= target) ? 'yes' : 'no'
    return `| ${name} | ${ours} | ${baseline ?? '-'} | ${shown} | ${wanted} | ${isMet} |`
  })
  return ['| what | ours | baseline | figure | wanted | met |', '|---|---|---|---|---|---|', ...lines].join('\n')
}
