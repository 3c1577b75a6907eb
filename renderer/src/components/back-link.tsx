/** The way from one thing back to the list it is in. */

import { Group, Text } from '@mantine/core'
import { IconChevronLeft } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

type Props = { to: '/posts' | '/challenges' | '/proofs'; label: string }

export function BackLink({ to, label }: Props) {
  return (
    <Link to={to} style={{ color: 'inherit', textDecoration: 'none', display: 'inline-block' }}>
      <Group gap={4} mb={6} c="dimmed">
        <IconChevronLeft size={15} aria-hidden />
        <Text size="sm">{label}</Text>
      </Group>
    </Link>
  )
}
