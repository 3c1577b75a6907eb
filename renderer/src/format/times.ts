/** Times and durations as a person reads them, in the language of the UI. */

const STEPS = [
  { unit: 'second', ms: 1_000, belowMs: 60_000 },
  { unit: 'minute', ms: 60_000, belowMs: 3_600_000 },
  { unit: 'hour', ms: 3_600_000, belowMs: 86_400_000 },
  { unit: 'day', ms: 86_400_000, belowMs: Number.POSITIVE_INFINITY },
] as const

/** `12 seconds ago`, `in 3 minutes`; below one second it is now. */
export function formatRelative(atMs: number, nowMs: number, locale: string): string {
  const distance = atMs - nowMs
  const step = STEPS.find(candidate => Math.abs(distance) < candidate.belowMs) ?? STEPS[3]
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.trunc(distance / step.ms), step.unit)
}

/** `840 ms`, `3.2 s`, `2 min 5 s`. */
export function formatDuration(ms: number, locale: string): string {
  if (ms < 1_000) return `${new Intl.NumberFormat(locale, { maximumFractionDigits: ms < 10 ? 1 : 0 }).format(ms)} ms`
  if (ms < 60_000) return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(ms / 1_000)} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`
}

export function formatDateTime(atMs: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(atMs)
}
