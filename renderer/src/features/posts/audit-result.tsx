/** What the last look through a content's stored blocks found, and when that was. */

import type { Post } from '@emerald/node-core/contract/shapes.ts'
import { Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { RelativeTime } from '../../components/relative-time.tsx'
import { StateChip } from '../../components/state-chip.tsx'

export function AuditResult({ audit }: { audit: NonNullable<Post['audit']> }) {
  const { t } = useTranslation()
  const { at, blocks, repaired, lost } = audit
  const found =
    lost > 0
      ? ({ tone: 'bad', label: t('posts.auditLost', { count: lost }) } as const)
      : repaired > 0
        ? ({ tone: 'accepted', label: t('posts.auditRepaired', { count: repaired }) } as const)
        : ({ tone: 'idle', label: t('posts.auditSound', { count: blocks }) } as const)
  return (
    <Group gap={8}>
      <StateChip tone={found.tone} label={found.label} />
      <RelativeTime iso={at} />
    </Group>
  )
}
