/** The life of a post, the latest event first. */

import type { TimelineEntry } from '@emerald/node-core/contract/shapes.ts'
import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { RelativeTime } from '../../components/relative-time.tsx'
import { Section } from '../../components/section.tsx'
import { useFacts } from '../../engine/use-facts.ts'
import { useFormat } from '../../format/use-format.ts'
import { TIMELINE_TONES } from '../../theme/state-tones.ts'
import { toneColors } from '../../theme/tone.ts'
import styles from './post-timeline.module.css'

export function PostTimeline({ entries }: { entries: readonly TimelineEntry[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const operators = useFacts().data?.operators ?? []
  const latestFirst = entries.toSorted((a, b) => b.blockNumber - a.blockNumber)
  const nameOf = (index: number) =>
    operators.find(operator => operator.index === index)?.label || t('common.operatorNumber', { index })
  return (
    <Section title={t('posts.timeline')}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard */}
      <ol className={styles.list} tabIndex={0}>
        {latestFirst.map(entry => (
          <li
            key={`${entry.kind}-${entry.blockNumber}-${entry.operator}-${entry.epoch}`}
            className={styles.entry}
            style={{ '--tone-fill': toneColors(TIMELINE_TONES[entry.kind]).fill }}
          >
            <div>
              <Text fw={550}>
                {entry.operator === null
                  ? t(`timeline.${entry.kind}`)
                  : t('timeline.by', { event: t(`timeline.${entry.kind}`), operator: nameOf(entry.operator) })}
              </Text>
              <Text size="sm" c="dimmed" className="num">
                {t('blocks.number', { number: format.count(entry.blockNumber) })}
                {entry.epoch === null ? null : ` · ${t('epoch.number', { number: format.count(entry.epoch) })}`}
              </Text>
            </div>
            <Text size="sm" c="dimmed" style={{ flex: 'none' }}>
              <RelativeTime iso={entry.at} />
            </Text>
          </li>
        ))}
      </ol>
    </Section>
  )
}
