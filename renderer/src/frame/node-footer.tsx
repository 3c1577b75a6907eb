/** The foot of the navigation: version, network and where this node runs. */

import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { HashText } from '../components/hash-text.tsx'
import { useFacts } from '../engine/use-facts.ts'

export function NodeFooter() {
  const { t } = useTranslation()
  const facts = useFacts().data
  if (!facts) return null
  return (
    <Stack gap={2}>
      <Text size="xs" c="dimmed" className="num">
        {t('frame.version', { version: facts.version })}
      </Text>
      <Text size="xs" c="dimmed" className="num">
        {t('frame.chain', { chainId: facts.chainId })}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        {t('frame.peer')} <HashText value={facts.peerId} label={t('frame.peerId')} head={4} tail={5} />
      </Text>
    </Stack>
  )
}
