/** How long the latest proofs took from the seed's block to acceptance. */

import type { Overview } from '@emerald/node-core/contract/shapes.ts'
import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Section } from '../../components/section.tsx'
import { Sparkline } from '../../components/sparkline.tsx'
import { Stat } from '../../components/stat.tsx'
import { useFormat } from '../../format/use-format.ts'

export function LatencyCard({ overview, className }: { overview: Overview; className?: string | undefined }) {
  const { t } = useTranslation()
  const format = useFormat()
  const values = overview.recentLatencies.map(latency => latency.ms)
  const last = values.at(-1)
  if (last === undefined)
    return (
      <Section title={t('latency.title')} className={className}>
        <Text c="dimmed">{t('latency.none')}</Text>
      </Section>
    )
  const text = t('latency.inWords', {
    count: values.length,
    last: format.duration(last),
    slowest: format.duration(Math.max(...values)),
  })
  return (
    <Section title={t('latency.title')} className={className}>
      {overview.proofMs ? (
        <Group gap="xl" mb="sm">
          <Stat name={t('latency.median')} value={format.duration(overview.proofMs.median)} />
          <Stat name={t('latency.p95')} value={format.duration(overview.proofMs.p95)} />
        </Group>
      ) : null}
      <Sparkline values={values} label={text} />
      <Text size="sm" c="dimmed" mt={6} className="num">
        {text}
      </Text>
    </Section>
  )
}
