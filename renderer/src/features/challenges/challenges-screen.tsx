/** Every challenge, the next deadline first. */

import type { Challenge } from '@emerald/node-core/contract/shapes.ts'
import { Group, SegmentedControl, Text } from '@mantine/core'
import { IconTargetArrow } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyPanel } from '../../components/empty-panel.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Skeletons } from '../../components/skeletons.tsx'
import { nextCursorOf, useAllPages } from '../../components/use-all-pages.ts'
import { useQueries } from '../../engine/engine-context.tsx'
import { useOperatorFilter } from '../../engine/operator-choice.tsx'
import { ChallengesTable } from './challenges-table.tsx'

const FILTERS = ['all', 'due', 'proven', 'overdue', 'missed'] as const satisfies readonly ('all' | Challenge['state'])[]
type Filter = (typeof FILTERS)[number]

export function ChallengesScreen() {
  const { t } = useTranslation()
  const queries = useQueries()
  const operatorFilter = useOperatorFilter()
  const [filter, setFilter] = useState<Filter>('all')
  const query = useInfiniteQuery(
    queries.challenges.list.infiniteOptions({
      input: (cursor: string | undefined) => ({
        ...operatorFilter,
        ...(filter === 'all' ? {} : { state: filter }),
        ...(cursor === undefined ? {} : { cursor }),
        limit: 100,
      }),
      initialPageParam: undefined,
      getNextPageParam: nextCursorOf,
      placeholderData: previous => previous,
    }),
  )
  const { rows, loadMore, total } = useAllPages(query)
  return (
    <>
      <PageHeader title={t('nav.challenges')} lead={t('challenges.lead')} />
      <Group justify="space-between" mb="sm">
        <SegmentedControl
          size="sm"
          aria-label={t('common.filter')}
          value={filter}
          onChange={value => setFilter(FILTERS.find(known => known === value) ?? 'all')}
          data={FILTERS.map(value => ({
            value,
            label: value === 'all' ? t('common.all') : t(`challengeState.${value}`),
          }))}
        />
        <Text size="sm" c="dimmed" className="num">
          {t('challenges.total', { count: total })}
        </Text>
      </Group>
      <QueryView query={query} skeleton={<Skeletons heights={[420]} />}>
        {() =>
          rows.length > 0 ? (
            <ChallengesTable rows={rows} onReachEnd={loadMore} />
          ) : (
            <EmptyPanel
              icon={<IconTargetArrow aria-hidden />}
              title={t(filter === 'all' ? 'challenges.emptyTitle' : 'challenges.emptyFilterTitle')}
              text={t(filter === 'all' ? 'challenges.emptyText' : 'challenges.emptyFilterText')}
            />
          )
        }
      </QueryView>
    </>
  )
}
