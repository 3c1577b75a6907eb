/** Long work: what goes on, and what came of the latest. */

import { Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { QueryView } from '../../components/query-view.tsx'
import { RelativeTime } from '../../components/relative-time.tsx'
import { Section } from '../../components/section.tsx'
import { Skeletons } from '../../components/skeletons.tsx'
import { StateChip } from '../../components/state-chip.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { useFormat } from '../../format/use-format.ts'
import { JOB_TONES } from '../../theme/state-tones.ts'

const SHOWN = 6

export function JobsPanel() {
  const { t } = useTranslation()
  const format = useFormat()
  const query = useQuery(useQueries().jobs.list.queryOptions())
  return (
    <Section title={t('health.jobs')}>
      <QueryView query={query} skeleton={<Skeletons heights={[180]} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Text c="dimmed">{t('health.noJobs')}</Text>
          ) : (
            <Stack gap="sm">
              {items.slice(0, SHOWN).map(job => (
                <Group key={job.jobId} justify="space-between" wrap="nowrap">
                  <Text>{t(`health.jobKind.${job.kind}`)}</Text>
                  <Group gap="md" wrap="nowrap">
                    <Text size="sm" c="dimmed">
                      {job.state === 'running' ? format.percent(job.progress) : <RelativeTime iso={job.startedAt} />}
                    </Text>
                    <StateChip tone={JOB_TONES[job.state]} label={t(`jobState.${job.state}`)} />
                  </Group>
                </Group>
              ))}
            </Stack>
          )
        }
      </QueryView>
    </Section>
  )
}
