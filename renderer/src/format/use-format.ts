/** The formatters, bound to the language of the UI. */

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { formatBytes, formatCount, formatPercent, formatWei } from './numbers.ts'
import { formatDateTime, formatDuration, formatRelative } from './times.ts'

export function useFormat() {
  const locale = useTranslation().i18n.language
  return useMemo(
    () => ({
      locale,
      count: (value: number) => formatCount(value, locale),
      bytes: (value: number) => formatBytes(value, locale),
      wei: (value: string) => formatWei(value, locale),
      percent: (value: number) => formatPercent(value, locale),
      duration: (ms: number) => formatDuration(ms, locale),
      dateTime: (iso: string) => formatDateTime(Date.parse(iso), locale),
      relative: (iso: string, nowMs: number) => formatRelative(Date.parse(iso), nowMs, locale),
    }),
    [locale],
  )
}
