/** Everything the node has sent, the latest first. */

import type { TransactionState } from '@emerald/node-core/contract/network-shapes.ts'
import { Group, SegmentedControl, Text } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { askChangedPages } from '../../components/ask-changed-pages.ts'
import { EmptyPanel } from '../../components/empty-panel.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Section } from '../../components/section.tsx'
import { Skeletons } from '../../components/skeletons.tsx'
import { nextCursorOf, useAllPages } from '../../components/use-all-pages.ts'
import { useQueries } from '../../engine/engine-context.tsx'
import { TransactionsTable } from './transactions-table.tsx'

const FILTERS = ['all', 'pending', 'mined', 'replaced', 'failed'] as const satisfies readonly (
  | 'all'
  | TransactionState
)[]
type Filter = (typeof FILTERS)[number]

export function TransactionsSection() {
  const { t } = useTranslation()
  const queries = useQueries()
  const [filter, setFilter] = useState<Filter>('all')
  const options = queries.transactions.list.infiniteOptions({
    input: (cursor: string | undefined) => ({
      ...(filter === 'all' ? {} : { state: filter }),
      ...(cursor === undefined ? {} : { cursor }),
      limit: 100,
    }),
    initialPageParam: undefined,
    getNextPageParam: nextCursorOf,
    placeholderData: previous => previous,
  })
  // Every block makes the list old, and few blocks change it.
  const query = useInfiniteQuery({ ...options, queryFn: askChangedPages(options.queryFn) })
  const { rows, loadMore, total } = useAllPages(query)
  return (
    <Section
      title={t('network.transactions')}
      actions={
        <Text size="sm" c="dimmed" className="num">
          {t('network.transactionCount', { count: total })}
        </Text>
      }
    >
      <Group mb="sm">
        <SegmentedControl
          size="sm"
          aria-label={t('common.filter')}
          value={filter}
          onChange={value => setFilter(FILTERS.find(known => known === value) ?? 'all')}
          data={FILTERS.map(value => ({
            value,
            label: value === 'all' ? t('common.all') : t(`network.transactionState.${value}`),
          }))}
        />
      </Group>
      <QueryView query={query} skeleton={<Skeletons heights={[320]} />}>
        {() =>
          rows.length > 0 ? (
            <TransactionsTable rows={rows} onReachEnd={loadMore} />
          ) : (
            <EmptyPanel
              icon={<IconSend aria-hidden />}
              title={t(filter === 'all' ? 'network.emptyTitle' : 'network.emptyFilterTitle')}
              text={t(filter === 'all' ? 'network.emptyText' : 'network.emptyFilterText')}
            />
          )
        }
      </QueryView>
    </Section>
  )
}
