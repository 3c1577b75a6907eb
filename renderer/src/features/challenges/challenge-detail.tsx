/** The parts of one challenge. */

import type { Challenge } from '@emerald/node-core/contract/shapes.ts'
import { Grid, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { BlobGrid } from '../../components/blob-grid.tsx'
import { ChallengeChip } from '../../components/challenge-chip.tsx'
import { Countdown } from '../../components/countdown.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { FactsList } from '../../components/facts-list.tsx'
import { HashText } from '../../components/hash-text.tsx'
import { OperatorName } from '../../components/operator-name.tsx'
import { PostName } from '../../components/post-name.tsx'
import { Section } from '../../components/section.tsx'
import { toUiErrorCode } from '../../engine/errors.ts'
import { useFormat } from '../../format/use-format.ts'
import { SAMPLE_TONES } from '../../theme/state-tones.ts'
import { StateTrack } from './state-track.tsx'

export function ChallengeDetail({ challenge }: { challenge: Challenge }) {
  const { t } = useTranslation()
  const format = useFormat()
  const isProven = challenge.state === 'proven'
  return (
    <Stack gap="md">
      <Section title={t('challenges.progress')} actions={<ChallengeChip state={challenge.state} />}>
        <StateTrack state={challenge.state} />
        {challenge.state === 'missed' || challenge.state === 'overdue' ? (
          <Text mt="md" c="var(--em-bad)">
            {t(challenge.state === 'missed' ? 'challenges.missedText' : 'challenges.overdueText')}
          </Text>
        ) : null}
      </Section>
      {challenge.error && !isProven ? (
        <ErrorPanel error={{ code: toUiErrorCode(challenge.error), data: {}, traceId: null }} />
      ) : null}
      <Grid gap="md" align="stretch">
        <Grid.Col span={7}>
          <Section title={t('challenges.question')}>
            <FactsList
              facts={[
                {
                  name: t('fields.post'),
                  value: (
                    <Link to="/posts/$postId" params={{ postId: challenge.postId }} className="text-link">
                      <PostName postId={challenge.postId} />
                    </Link>
                  ),
                },
                { name: t('fields.operator'), value: <OperatorName index={challenge.operator} /> },
                {
                  name: t('fields.deadline'),
                  value: isProven ? (
                    t('blocks.number', { number: format.count(challenge.deadlineBlock) })
                  ) : (
                    <Countdown deadlineBlock={challenge.deadlineBlock} />
                  ),
                },
                {
                  name: t('fields.opened'),
                  value: t('blocks.number', { number: format.count(challenge.openedBlock) }),
                },
                { name: t('fields.level'), value: format.count(challenge.level) },
                { name: t('fields.sampledBlobs'), value: format.count(challenge.k) },
                { name: t('fields.batch'), value: challenge.isBatched ? t('challenges.batched') : null },
                { name: t('fields.stratum'), value: format.count(challenge.stratum) },
                { name: t('fields.attempts'), value: format.count(challenge.attempts) },
                { name: t('fields.z'), value: <HashText value={challenge.z} label={t('fields.z')} isWhole /> },
                {
                  name: t('fields.gamma'),
                  value: <HashText value={challenge.gamma} label={t('fields.gamma')} isWhole />,
                },
                { name: t('fields.salt'), value: <HashText value={challenge.salt} label={t('fields.salt')} isWhole /> },
                {
                  name: t('fields.transaction'),
                  value: challenge.txHash ? (
                    <HashText value={challenge.txHash} label={t('fields.transaction')} />
                  ) : null,
                },
                {
                  name: t('fields.proof'),
                  value: isProven ? (
                    <Link to="/proofs/$id" params={{ id: challenge.id }} className="text-link">
                      {t('challenges.openProof')}
                    </Link>
                  ) : null,
                },
              ]}
            />
          </Section>
        </Grid.Col>
        <Grid.Col span={5}>
          <Section title={t('challenges.blobs')}>
            <Text size="sm" c="dimmed" mb="md">
              {t('challenges.blobsText')}
            </Text>
            <BlobGrid
              blobCount={challenge.blobCount}
              sampled={challenge.indexes}
              tone={SAMPLE_TONES[challenge.state]}
              maxWidth={360}
            />
          </Section>
        </Grid.Col>
      </Grid>
    </Stack>
  )
}
