/** What a screen shows while there is nothing to show: what will stand here, and the next step. */

import { EmptyState } from '@mantine/core'
import type { ReactNode } from 'react'

type Props = { icon: ReactNode; title: string; text: string; action?: ReactNode }

export function EmptyPanel({ icon, title, text, action }: Props) {
  return (
    <EmptyState icon={icon} title={title} description={text} py="xl" maw={560} mx="auto">
      {action ? <EmptyState.Actions>{action}</EmptyState.Actions> : null}
    </EmptyState>
  )
}
