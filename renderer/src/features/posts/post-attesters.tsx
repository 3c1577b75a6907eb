/** Which operators vouched for the bytes of a post. */

import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { OperatorName } from '../../components/operator-name.tsx'
import { Section } from '../../components/section.tsx'

export function PostAttesters({ attesters }: { attesters: readonly number[] }) {
  const { t } = useTranslation()
  return (
    <Section title={t('posts.attesters')}>
      {attesters.length === 0 ? (
        <Text c="dimmed">{t('posts.noAttesters')}</Text>
      ) : (
        <Group gap="lg">
          {attesters.map(index => (
            <OperatorName key={index} index={index} />
          ))}
        </Group>
      )}
    </Section>
  )
}
