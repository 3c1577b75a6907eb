/** Where the time of an answer went, as a bar and as the numbers behind it. */

import type { ProofTimings } from '@emerald/node-core/contract/shapes.ts'
import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../format/use-format.ts'
import styles from './latency-breakdown.module.css'
import { TIMING_PARTS, totalMs } from './timings.ts'

const SHADES: Readonly<Record<keyof ProofTimings, string>> = {
  deriveMs: 'var(--mantine-color-ink-3)',
  readMs: 'var(--mantine-color-ink-4)',
  foldMs: 'var(--mantine-color-ink-6)',
  openMs: 'var(--em-motion-fill)',
  sendMs: 'var(--mantine-color-ink-5)',
  confirmMs: 'var(--mantine-color-ink-6)',
}

export function LatencyBreakdown({ timings }: { timings: ProofTimings | null }) {
  const { t } = useTranslation()
  const format = useFormat()
  const total = totalMs(timings)
  if (timings === null || total === null)
    return (
      <Section title={t('proofs.latency')}>
        <Text c="dimmed">{t('proofs.latencyUnknown')}</Text>
      </Section>
    )
  return (
    <Section title={t('proofs.latency')}>
      <div className={styles.bar} aria-hidden>
        {TIMING_PARTS.map(part => (
          <span
            key={part}
            style={{ width: `${(timings[part] / Math.max(total, 1)) * 100}%`, background: SHADES[part] }}
          />
        ))}
      </div>
      <table className={styles.table}>
        <tbody>
          {TIMING_PARTS.map(part => (
            <tr key={part}>
              <th scope="row">
                <span className={styles.swatch} style={{ background: SHADES[part] }} aria-hidden />
                {t(`timings.${part}`)}
              </th>
              <td className="num">{format.duration(timings[part])}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('timings.total')}</th>
            <td className="num">{format.duration(total)}</td>
          </tr>
        </tfoot>
      </table>
    </Section>
  )
}
