/** The height of the chain's head, live. */

import { Group, Text, Tooltip } from '@mantine/core'
import { IconCube } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { RelativeTime } from '../components/relative-time.tsx'
import { useOverview } from '../engine/use-overview.ts'
import { useFormat } from '../format/use-format.ts'

export function BlockHeight() {
  const { t } = useTranslation()
  const format = useFormat()
  const head = useOverview().data?.head
  if (!head) return null
  return (
    <Tooltip label={<RelativeTime iso={head.at} />}>
      <Group gap={5} wrap="nowrap">
        <IconCube size={16} aria-hidden color="var(--em-muted)" />
        <Text size="sm" className="mono" data-testid="block-height">
          {t('blocks.number', { number: format.count(head.number) })}
        </Text>
      </Group>
    </Tooltip>
  )
}
