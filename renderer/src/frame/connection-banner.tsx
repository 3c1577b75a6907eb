/** Stands over every screen while the engine can't be heard: what is known, and what to do. */

import { Alert, Button, Group } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useConnectionState, useEngine } from '../engine/engine-context.tsx'

export function ConnectionBanner() {
  const { t } = useTranslation()
  const { connection } = useEngine()
  const state = useConnectionState()
  if (state.kind !== 'lost') return null
  return (
    <Alert
      color="yellow"
      variant="default"
      mb="lg"
      role="alert"
      icon={<IconPlugConnectedX aria-hidden color="var(--em-warn)" />}
      title={t(state.isRefused ? 'connection.refusedTitle' : 'connection.lostTitle')}
      style={{ borderColor: 'var(--em-warn-fill)' }}
    >
      <Group justify="space-between" gap="md">
        <span>{t(state.isRefused ? 'connection.refusedText' : 'connection.lostText')}</span>
        <Button variant="default" size="xs" onClick={connection.retryNow}>
          {t('connection.retryNow')}
        </Button>
      </Group>
    </Alert>
  )
}
