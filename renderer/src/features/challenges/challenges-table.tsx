/** Challenges as a table. */

import type { Challenge } from '@emerald/node-core/contract/shapes.ts'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ChallengeChip } from '../../components/challenge-chip.tsx'
import { Countdown } from '../../components/countdown.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { OperatorName } from '../../components/operator-name.tsx'
import { PostName } from '../../components/post-name.tsx'
import { useFormat } from '../../format/use-format.ts'
import { isOpen, sortByDeadline } from './sort-by-deadline.ts'

type Props = { rows: readonly Challenge[]; onReachEnd: () => void }

export function ChallengesTable({ rows, onReachEnd }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const navigate = useNavigate()
  const sorted = useMemo(() => sortByDeadline(rows), [rows])
  const columns = useMemo<readonly Column<Challenge>[]>(
    () => [
      {
        id: 'post',
        header: t('fields.post'),
        value: row => row.postId,
        cell: row => (
          <Link
            to="/challenges/$id"
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
        width: 164,
        value: row => row.state,
        cell: row => <ChallengeChip state={row.state} />,
      },
      {
        id: 'deadline',
        header: t('fields.deadline'),
        width: 206,
        value: row => row.deadlineBlock,
        cell: row =>
          isOpen(row) ? (
            <Countdown deadlineBlock={row.deadlineBlock} />
          ) : (
            <span className="num" style={{ color: 'var(--em-muted)' }}>
              {t('blocks.number', { number: format.count(row.deadlineBlock) })}
            </span>
          ),
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
        id: 'level',
        header: t('fields.level'),
        width: 70,
        isRight: true,
        value: row => row.level,
        cell: row => <span className="num">{format.count(row.level)}</span>,
      },
      {
        id: 'operator',
        header: t('fields.operator'),
        width: 190,
        value: row => row.operator,
        cell: row => <OperatorName index={row.operator} />,
      },
      {
        id: 'blobs',
        header: t('fields.sampledBlobs'),
        width: 130,
        isRight: true,
        value: row => row.k,
        cell: row => <span className="num">{t('blobs.short', { sampled: row.k, count: row.blobCount })}</span>,
      },
    ],
    [t, format],
  )
  return (
    <DataTable
      label={t('nav.challenges')}
      rows={sorted}
      columns={columns}
      rowId={row => row.id}
      onOpen={row => void navigate({ to: '/challenges/$id', params: { id: row.id } })}
      onReachEnd={onReachEnd}
    />
  )
}
