/** Posts as a table. */

import type { Post } from '@emerald/node-core/contract/shapes.ts'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { RelativeTime } from '../../components/relative-time.tsx'
import { StateChip } from '../../components/state-chip.tsx'
import { shorten } from '../../format/numbers.ts'
import { useFormat } from '../../format/use-format.ts'
import { CONTENT_TONES, POST_TONES } from '../../theme/state-tones.ts'

type Props = { rows: readonly Post[]; onReachEnd: () => void }

export function PostsTable({ rows, onReachEnd }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const navigate = useNavigate()
  const columns = useMemo<readonly Column<Post>[]>(
    () => [
      {
        id: 'name',
        header: t('fields.file'),
        value: row => row.fileName ?? row.cid,
        cell: row => (
          <Link
            to="/posts/$postId"
            params={{ postId: row.postId }}
            className="text-link"
            onClick={event => event.stopPropagation()}
          >
            {row.fileName ?? <span className="mono">{shorten(row.cid, 12, 6)}</span>}
          </Link>
        ),
      },
      {
        id: 'state',
        header: t('fields.state'),
        width: 142,
        value: row => row.state,
        cell: row => <StateChip tone={POST_TONES[row.state]} label={t(`postState.${row.state}`)} />,
      },
      {
        id: 'content',
        header: t('fields.bytes'),
        width: 130,
        value: row => row.content,
        cell: row => <StateChip tone={CONTENT_TONES[row.content]} label={t(`contentState.${row.content}`)} />,
      },
      {
        id: 'size',
        header: t('fields.size'),
        width: 110,
        isRight: true,
        value: row => row.byteLength,
        cell: row => <span className="num">{format.bytes(row.byteLength)}</span>,
      },
      {
        id: 'blobs',
        header: t('fields.blobs'),
        width: 80,
        isRight: true,
        value: row => row.blobCount,
        cell: row => <span className="num">{format.count(row.blobCount)}</span>,
      },
      {
        id: 'proven',
        header: t('fields.proven'),
        width: 90,
        isRight: true,
        value: row => row.provenCount,
        cell: row => <span className="num">{format.count(row.provenCount)}</span>,
      },
      {
        id: 'missed',
        header: t('fields.missed'),
        width: 90,
        isRight: true,
        value: row => row.missedCount,
        cell: row => (
          <span className="num" style={{ color: row.missedCount > 0 ? 'var(--em-bad)' : undefined }}>
            {format.count(row.missedCount)}
          </span>
        ),
      },
      {
        id: 'at',
        header: t('fields.registered'),
        width: 150,
        value: row => row.registeredBlock,
        cell: row => <RelativeTime iso={row.registeredAt} />,
      },
    ],
    [t, format],
  )
  return (
    <DataTable
      label={t('nav.posts')}
      rows={rows}
      columns={columns}
      rowId={row => row.postId}
      onOpen={row => void navigate({ to: '/posts/$postId', params: { postId: row.postId } })}
      onReachEnd={onReachEnd}
      height="max(320px, calc(100dvh - 345px))"
    />
  )
}
