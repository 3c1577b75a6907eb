/** Own transactions as a table, the latest first. */

import type { Transaction } from '@emerald/node-core/contract/network-shapes.ts'
import { Box, Text } from '@mantine/core'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { HashText } from '../../components/hash-text.tsx'
import { RelativeTime } from '../../components/relative-time.tsx'
import { useFormat } from '../../format/use-format.ts'
import { SenderName } from './sender-name.tsx'
import { TransactionHappening } from './transaction-happening.tsx'

type Props = { rows: readonly Transaction[]; onReachEnd: () => void }

/** Per unit of gas: what was paid, or what the newest bid pays at most. */
const feeOf = ({ mined, bids }: Transaction): string => mined?.gasPriceWei ?? bids[0]?.maxFeeWei ?? '0'

export function TransactionsTable({ rows, onReachEnd }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const columns = useMemo<readonly Column<Transaction>[]>(
    () => [
      {
        id: 'purpose',
        header: t('network.purpose'),
        width: 210,
        value: row => row.purpose,
        cell: row => (
          <TwoLines
            first={t(`network.purposeName.${row.purpose}`)}
            second={<SenderName role={row.role} operator={row.operator} />}
          />
        ),
      },
      {
        id: 'state',
        header: t('network.happening'),
        value: row => row.state,
        cell: row => <TransactionHappening transaction={row} />,
      },
      {
        id: 'fee',
        header: t('network.fee'),
        width: 210,
        isRight: true,
        value: row => Number(feeOf(row)),
        cell: row =>
          row.mined === null ? (
            <span className="num">≤ {format.wei(feeOf(row))}</span>
          ) : (
            <TwoLines
              first={format.wei(feeOf(row))}
              second={t('network.cost', { cost: format.wei(row.mined.costWei) })}
            />
          ),
      },
      {
        id: 'at',
        header: t('network.sent'),
        width: 155,
        value: row => row.createdAt,
        cell: row => <RelativeTime iso={row.createdAt} />,
      },
      {
        id: 'hash',
        header: t('fields.transaction'),
        width: 185,
        value: row => row.nonce,
        cell: row => (
          <TwoLines
            first={<HashText value={row.hash} label={t('fields.transaction')} />}
            second={t('network.nonce', { nonce: format.count(row.nonce) })}
          />
        ),
      },
    ],
    [t, format],
  )
  return (
    <DataTable
      label={t('network.transactionList')}
      rows={rows}
      columns={columns}
      rowId={row => String(row.id)}
      onReachEnd={onReachEnd}
      height="460px"
    />
  )
}

function TwoLines({ first, second }: { first: ReactNode; second: ReactNode }) {
  return (
    <Box lh={1.3} className="num">
      {first}
      <Text size="xs" c="dimmed" truncate>
        {second}
      </Text>
    </Box>
  )
}
