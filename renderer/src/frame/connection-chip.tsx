/** Whether this window hears the engine. */

import { Group, Text } from '@mantine/core'
import { IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useConnectionState } from '../engine/engine-context.tsx'

export function ConnectionChip() {
  const { t } = useTranslation()
  const { kind } = useConnectionState()
  const isOpen = kind === 'open'
  return (
    <Group gap={5} wrap="nowrap" c={isOpen ? 'dimmed' : 'var(--em-warn)'}>
      {isOpen ? <IconPlugConnected size={16} aria-hidden /> : <IconPlugConnectedX size={16} aria-hidden />}
      <Text size="sm">{t(`connection.${kind}`)}</Text>
    </Group>
  )
}
