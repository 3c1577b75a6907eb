/** How far the epoch is, in blocks: until the seed, until the deadline, until its end. */

import type { Overview } from '@emerald/node-core/contract/shapes.ts'
import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../format/use-format.ts'
import styles from './epoch-card.module.css'
import { epochPhases } from './epoch-phases.ts'

export function EpochCard({ overview, className }: { overview: Overview; className?: string | undefined }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { epoch, head } = overview
  if (!epoch || !head)
    return (
      <Section title={t('epoch.title')} className={className}>
        <Text c="dimmed">{t('epoch.none')}</Text>
      </Section>
    )
  const phases = epochPhases(epoch, head.number)
  return (
    <Section
      title={t('epoch.number', { number: format.count(epoch.number) })}
      className={className}
      actions={
        <Text size="sm" c="dimmed" className="num">
          {t('epoch.range', { first: format.count(epoch.firstBlock), last: format.count(epoch.lastBlock) })}
        </Text>
      }
    >
      <div
        className={styles.track}
        role="progressbar"
        aria-label={t('epoch.progress')}
        aria-valuemin={epoch.firstBlock}
        aria-valuemax={epoch.lastBlock}
        aria-valuenow={Math.min(Math.max(head.number, epoch.firstBlock), epoch.lastBlock)}
      >
        {phases.map(phase => (
          <div
            key={phase.name}
            className={`${styles.zone} ${phase.isNow ? styles.nowZone : ''}`}
            style={{ width: `${phase.share * 100}%` }}
          >
            <div className={styles.passed} style={{ width: `${phase.passed * 100}%` }} />
          </div>
        ))}
      </div>
      <ol className={styles.legend}>
        {phases.map(phase => (
          <li
            key={phase.name}
            className={phase.isNow ? styles.now : undefined}
            aria-current={phase.isNow ? 'step' : undefined}
          >
            <span>{t(`epoch.phase.${phase.name}`)}</span>
            <span className="num">{t('epoch.until', { block: format.count(phase.lastBlock) })}</span>
          </li>
        ))}
      </ol>
      <Text size="sm" c="dimmed" mt="sm">
        {epoch.isSeedKnown ? t('epoch.seedKnown') : t('epoch.seedWaiting')}
      </Text>
    </Section>
  )
}
