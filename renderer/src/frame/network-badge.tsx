/** Which network this window is on. */

import { Badge, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFacts } from '../engine/use-facts.ts'
import { networkColor } from './network-color.ts'

export function NetworkBadge() {
  const { t } = useTranslation()
  const facts = useFacts().data
  if (!facts) return null
  return (
    <Group gap="xs" wrap="nowrap">
      <Badge
        radius="sm"
        styles={{ root: { background: networkColor(facts.profile), color: '#fff' } }}
        tt="uppercase"
        title={t('frame.network', { name: facts.networkName, chainId: facts.chainId })}
      >
        {facts.isDemo ? t('frame.demo') : facts.profile}
      </Badge>
      <Text size="sm" c="dimmed" className="num" visibleFrom="lg" truncate>
        {t('frame.network', { name: facts.networkName, chainId: facts.chainId })}
      </Text>
    </Group>
  )
}
