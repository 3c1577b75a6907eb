/** The duty that is due next: what, by when, and whether everything for it is ready. */

import type { Challenge, Overview } from '@emerald/node-core/contract/shapes.ts'
import { Group, Stack, Text } from '@mantine/core'
import { IconMoon } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { BlobGrid } from '../../components/blob-grid.tsx'
import { ChallengeChip } from '../../components/challenge-chip.tsx'
import { Countdown } from '../../components/countdown.tsx'
import { EmptyPanel } from '../../components/empty-panel.tsx'
import { FactsList } from '../../components/facts-list.tsx'
import { OperatorName } from '../../components/operator-name.tsx'
import { PostName } from '../../components/post-name.tsx'
import { Section } from '../../components/section.tsx'
import { StateChip } from '../../components/state-chip.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { CONTENT_TONES, SAMPLE_TONES } from '../../theme/state-tones.ts'

export function NextDutyCard({ overview, className }: { overview: Overview; className?: string | undefined }) {
  const { t } = useTranslation()
  const duty = overview.nextDuty
  if (!duty)
    return (
      <Section title={t('overview.nextDuty')} className={className}>
        <EmptyPanel icon={<IconMoon aria-hidden />} title={t('overview.noDutyTitle')} text={t('overview.noDutyText')} />
      </Section>
    )
  return (
    <Section title={t('overview.nextDuty')} className={className} actions={<ChallengeChip state={duty.state} />}>
      <Duty duty={duty} />
    </Section>
  )
}

function Duty({ duty }: { duty: Challenge }) {
  const { t } = useTranslation()
  const post = useQuery(useQueries().posts.get.queryOptions({ input: { postId: duty.postId } })).data
  return (
    <Group align="flex-start" gap="xl" wrap="nowrap" justify="space-between">
      <Stack gap="md" style={{ minWidth: 0 }}>
        <div>
          <Text size="sm" c="dimmed">
            {t('overview.timeLeft')}
          </Text>
          <Text fz={22} fw={600} lh={1.3}>
            <Countdown deadlineBlock={duty.deadlineBlock} />
          </Text>
        </div>
        <FactsList
          facts={[
            { name: t('fields.post'), value: <PostName postId={duty.postId} /> },
            { name: t('fields.operator'), value: <OperatorName index={duty.operator} /> },
            {
              name: t('fields.bytes'),
              value: post ? (
                <StateChip tone={CONTENT_TONES[post.content]} label={t(`contentState.${post.content}`)} />
              ) : null,
            },
          ]}
        />
        <Link to="/challenges/$id" params={{ id: duty.id }} className="text-link">
          {t('overview.openChallenge')}
        </Link>
      </Stack>
      <BlobGrid blobCount={duty.blobCount} sampled={duty.indexes} tone={SAMPLE_TONES[duty.state]} maxWidth={210} />
    </Group>
  )
}
