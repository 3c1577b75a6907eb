/** The heading of a screen, with what it is for and what can be done there. */

import { Box, Group, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'

type Props = { title: string; lead?: ReactNode; back?: ReactNode; actions?: ReactNode }

export function PageHeader({ title, lead, back, actions }: Props) {
  useDocumentTitle(`${title} · Emerald Node`)
  return (
    <Group justify="space-between" align="flex-end" mb="lg" gap="md">
      <Box maw={760}>
        {back}
        <Title order={1}>{title}</Title>
        {lead ? (
          <Text c="dimmed" mt={4}>
            {lead}
          </Text>
        ) : null}
      </Box>
      {actions ? <Group gap="sm">{actions}</Group> : null}
    </Group>
  )
}
