/** Proofs as a table, the latest first. */

import type { Proof } from '@emerald/node-core/contract/shapes.ts'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { OperatorName } from '../../components/operator-name.tsx'
import { PostName } from '../../components/post-name.tsx'
import { RelativeTime } from '../../components/relative-time.tsx'
import { StateChip } from '../../components/state-chip.tsx'
import { useFormat } from '../../format/use-format.ts'
import { totalMs } from './timings.ts'

type Props = { rows: readonly Proof[]; onReachEnd: () => void }

export function ProofsTable({ rows, onReachEnd }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const navigate = useNavigate()
  const columns = useMemo<readonly Column<Proof>[]>(
    () => [
      {
        id: 'post',
        header: t('fields.post'),
        value: row => row.postId,
        cell: row => (
          <Link
            to="/proofs/$id"
            params={{ id: row.id }}
            className="text-link"
            onClick={event => event.stopPropagation()}
          >
            <PostName postId={row.postId} />
          </Link>
        ),
      },
      {
        id: 'state',
        header: t('fields.state'),
        width: 130,
        value: () => 0,
        cell: () => <StateChip tone="accepted" label={t('proofs.accepted')} />,
      },
      {
        id: 'at',
        header: t('fields.accepted'),
        width: 150,
        value: row => row.acceptedAt,
        cell: row => <RelativeTime iso={row.acceptedAt} />,
      },
      {
        id: 'epoch',
        header: t('fields.epoch'),
        width: 78,
        isRight: true,
        value: row => row.epoch,
        cell: row => <span className="num">{format.count(row.epoch)}</span>,
      },
      {
        id: 'operator',
        header: t('fields.operator'),
        width: 200,
        value: row => row.operator,
        cell: row => <OperatorName index={row.operator} />,
      },
      {
        id: 'gas',
        header: t('fields.gas'),
        width: 100,
        isRight: true,
        value: row => row.gasUsed ?? -1,
        cell: row => <span className="num">{row.gasUsed === null ? '–' : format.count(row.gasUsed)}</span>,
      },
      {
        id: 'latency',
        header: t('fields.latency'),
        width: 110,
        isRight: true,
        value: row => totalMs(row.timings) ?? -1,
        cell: row => {
          const ms = totalMs(row.timings)
          return <span className="num">{ms === null ? '–' : format.duration(ms)}</span>
        },
      },
    ],
    [t, format],
  )
  return (
    <DataTable
      label={t('nav.proofs')}
      rows={rows}
      columns={columns}
      rowId={row => row.id}
      onOpen={row => void navigate({ to: '/proofs/$id', params: { id: row.id } })}
      onReachEnd={onReachEnd}
      height="max(300px, calc(100dvh - 420px))"
    />
  )
}
