/** An error that stands where it happened: what is wrong, the next step, the code and the trace id. */

import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { EngineError } from '../engine/errors.ts'
import { CopyButton } from './copy-button.tsx'
import { useErrorText } from './use-error-text.ts'

type Props = { error: EngineError; onRetry?: (() => void) | undefined }

export function ErrorPanel({ error, onRetry }: Props) {
  const { t } = useTranslation()
  const text = useErrorText(error)
  return (
    <Alert
      color="red"
      variant="default"
      role="alert"
      title={text.what}
      icon={<IconAlertTriangle aria-hidden color="var(--em-bad)" />}
      style={{ borderColor: 'var(--em-bad-fill)' }}
    >
      <Text>{text.next}</Text>
      <Group gap="md" mt="xs" c="dimmed">
        <Text size="xs" className="mono">
          {error.code}
        </Text>
        {error.traceId ? (
          <Group gap={4}>
            <Text size="xs" className="mono">
              {t('common.traceId', { id: error.traceId })}
            </Text>
            <CopyButton value={error.traceId} label={t('common.traceIdName')} />
          </Group>
        ) : null}
      </Group>
      {onRetry ? (
        <Button variant="default" size="xs" mt="sm" onClick={onRetry}>
          {t('common.tryAgain')}
        </Button>
      ) : null}
    </Alert>
  )
}
