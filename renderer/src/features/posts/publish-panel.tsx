/** How far the publishing of a file is: sending, then the node's own steps, then the post. */

import { Button, CloseButton, Group, Paper, Progress, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { useFormat } from '../../format/use-format.ts'
import { usePublish } from './publish-context.tsx'
import { PublishedJob } from './published-job.tsx'

export function PublishPanel() {
  const { t } = useTranslation()
  const { state, dismiss } = usePublish()
  const jobs = useQuery(useQueries().jobs.list.queryOptions()).data?.items ?? []
  const ownJobId = state.kind === 'started' ? state.jobId : null
  const others = jobs.filter(job => job.kind === 'publish' && job.state === 'running' && job.jobId !== ownJobId)
  if (state.kind === 'idle' && others.length === 0) return null
  return (
    <Stack gap="sm">
      {state.kind === 'idle' ? null : (
        <Paper
          withBorder
          radius="md"
          p="md"
          pr={state.kind === 'sending' ? 'md' : 48}
          pos="relative"
          data-testid="publish-panel"
        >
          {state.kind === 'sending' ? <Sending {...state} onCancel={dismiss} /> : null}
          {state.kind === 'started' ? <PublishedJob jobId={state.jobId} name={state.fileName} /> : null}
          {state.kind === 'failed' ? (
            <Stack gap="sm">
              <Text fw={600} truncate>
                {state.fileName}
              </Text>
              <ErrorPanel error={state.error} />
            </Stack>
          ) : null}
          {state.kind === 'sending' ? null : (
            <CloseButton pos="absolute" top={8} right={8} aria-label={t('common.dismiss')} onClick={dismiss} />
          )}
        </Paper>
      )}
      {others.map(job => (
        <Paper key={job.jobId} withBorder radius="md" p="md">
          <PublishedJob jobId={job.jobId} name={t('posts.otherPublish')} />
        </Paper>
      ))}
    </Stack>
  )
}

type SendingProps = { fileName: string; byteLength: number; sent: number; onCancel: () => void }

function Sending({ fileName, byteLength, sent, onCancel }: SendingProps) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <>
      <Group justify="space-between" mb={6} wrap="nowrap">
        <Text fw={600} truncate>
          {fileName}
        </Text>
        <Group gap="sm" wrap="nowrap">
          <Text size="sm" c="dimmed" className="num">
            {t('posts.sentOf', { sent: format.bytes(sent), total: format.bytes(byteLength) })}
          </Text>
          <Button variant="default" size="compact-xs" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
        </Group>
      </Group>
      <Progress value={(sent / byteLength) * 100} color="var(--em-motion-fill)" aria-label={t('posts.sending')} />
    </>
  )
}
