/** Stands in place of the app when the page was opened without its token. */

import { Center, Paper, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'

export function NoSession() {
  const { t } = useTranslation()
  return (
    <Center component="main" mih="100dvh" p="xl">
      <Paper withBorder p="xl" radius="md" maw={520}>
        <Title order={1}>{t('session.title')}</Title>
        <Text mt="sm">{t('session.text')}</Text>
        <Text mt="sm" c="dimmed">
          {t('session.next')}
        </Text>
      </Paper>
    </Center>
  )
}
