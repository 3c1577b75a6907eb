/** A job's way through its steps, live, with a way to stop it; ends in its result or in its error. */

import type { Job } from '@emerald/node-core/contract/shapes.ts'
import { Button, Group, Progress, Text } from '@mantine/core'
import { IconCheck, IconCircle, IconCircleDotFilled } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useQueries } from '../engine/engine-context.tsx'
import { toUiErrorCode } from '../engine/errors.ts'
import { useFormat } from '../format/use-format.ts'
import { ErrorPanel } from './error-panel.tsx'
import styles from './job-progress.module.css'

const PUBLISH_STEPS = ['receive', 'encode', 'commit', 'pin', 'register'] as const
const STEP_NAMES: readonly string[] = PUBLISH_STEPS

export function JobProgress({ job, name }: { job: Job; name: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const cancel = useMutation(useQueries().jobs.cancel.mutationOptions())
  if (job.error)
    return <ErrorPanel error={{ code: toUiErrorCode(job.error.code), data: job.error.data, traceId: null }} />
  const at = STEP_NAMES.indexOf(job.step)
  const isDone = job.state === 'done'
  return (
    <div>
      <Group justify="space-between" mb={6} wrap="nowrap">
        <Text fw={600} truncate>
          {name}
        </Text>
        <Group gap="sm" wrap="nowrap">
          <Text size="sm" c="dimmed" className="num">
            {job.state === 'running' ? format.percent(job.progress) : t(`jobState.${job.state}`)}
          </Text>
          {job.state === 'running' ? (
            <Button variant="default" size="compact-xs" onClick={() => cancel.mutate({ jobId: job.jobId })}>
              {t('common.cancel')}
            </Button>
          ) : null}
        </Group>
      </Group>
      <Progress value={job.progress * 100} color="var(--em-motion-fill)" aria-label={t('posts.publishProgress')} />
      <ol className={styles.steps}>
        {PUBLISH_STEPS.map((step, index) => (
          <li key={step} className={index === at && !isDone ? styles.current : undefined}>
            {isDone || index < at ? (
              <IconCheck size={14} aria-hidden />
            ) : index === at ? (
              <IconCircleDotFilled size={14} aria-hidden color="var(--em-motion-fill)" />
            ) : (
              <IconCircle size={14} aria-hidden />
            )}
            {t(`publishStep.${step}`)}
          </li>
        ))}
      </ol>
    </div>
  )
}
