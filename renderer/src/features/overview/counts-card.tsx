/** What the node keeps, what it has proven, and what that cost. */

import type { Overview } from '@emerald/node-core/contract/shapes.ts'
import { SimpleGrid } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Section } from '../../components/section.tsx'
import { Stat } from '../../components/stat.tsx'
import { useFormat } from '../../format/use-format.ts'

export function CountsCard({ overview, className }: { overview: Overview; className?: string | undefined }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { posts, challenges } = overview
  const settled = challenges.proven + challenges.missed
  return (
    <Section title={t('counts.title')} className={className}>
      <SimpleGrid cols={3} spacing="lg" verticalSpacing="lg">
        <Stat
          name={t('counts.posts')}
          value={format.count(posts.total)}
          note={t('counts.postsNote', { attested: posts.attested, held: posts.held })}
        />
        <Stat
          name={t('counts.proven')}
          value={
            <span style={{ color: challenges.proven > 0 ? 'var(--em-accepted)' : undefined }}>
              {format.count(challenges.proven)}
            </span>
          }
          note={
            settled === 0
              ? t('counts.nothingSettled')
              : t('counts.successRate', { rate: format.percent(challenges.proven / settled) })
          }
        />
        <Stat
          name={t('counts.missed')}
          value={
            <span style={{ color: challenges.missed > 0 ? 'var(--em-bad)' : undefined }}>
              {format.count(challenges.missed)}
            </span>
          }
          note={t('counts.openNow', { count: challenges.open })}
        />
        <Stat name={t('counts.stake')} value={format.wei(overview.stakeWei)} />
        <Stat name={t('counts.slashed')} value={format.wei(overview.slashedWei)} />
        <Stat name={t('counts.gas')} value={format.wei(overview.gasSpentWei)} />
      </SimpleGrid>
    </Section>
  )
}
