/** A titled part of a screen on its own surface. */

import { Group, Paper, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

type Props = { title: string; actions?: ReactNode; children: ReactNode; className?: string | undefined }

export function Section({ title, actions, children, className }: Props) {
  const titleId = useId()
  return (
    <Paper component="section" aria-labelledby={titleId} withBorder radius="md" p="lg" className={className ?? ''}>
      <Group justify="space-between" mb="md" gap="sm" wrap="nowrap">
        <Title order={2} id={titleId}>
          {title}
        </Title>
        {actions}
      </Group>
      {children}
    </Paper>
  )
}
