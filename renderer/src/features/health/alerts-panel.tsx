/** The alerts: open ones, or all that the node remembers. */

import { Button, Group, SegmentedControl, Text } from '@mantine/core'
import { IconBellCheck } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyPanel } from '../../components/empty-panel.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Section } from '../../components/section.tsx'
import { Skeletons } from '../../components/skeletons.tsx'
import { nextCursorOf, useAllPages } from '../../components/use-all-pages.ts'
import { useQueries } from '../../engine/engine-context.tsx'
import { AlertRow } from './alert-row.tsx'
import styles from './alerts-panel.module.css'

export function AlertsPanel() {
  const { t } = useTranslation()
  const [filter, setFilter] = useState<'open' | 'all'>('open')
  const query = useInfiniteQuery(
    useQueries().alerts.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ filter, ...(cursor === undefined ? {} : { cursor }), limit: 20 }),
      initialPageParam: undefined,
      getNextPageParam: nextCursorOf,
      placeholderData: previous => previous,
    }),
  )
  const { rows, loadMore, total } = useAllPages(query)
  const isOpen = filter === 'open'
  return (
    <Section
      title={t('health.alerts')}
      actions={
        <Group gap="md" wrap="nowrap">
          <Text size="sm" c="dimmed" className="num">
            {t('health.total', { count: total })}
          </Text>
          <SegmentedControl
            size="xs"
            aria-label={t('common.filter')}
            value={filter}
            onChange={value => setFilter(value === 'all' ? 'all' : 'open')}
            data={[
              { value: 'open', label: t('health.open') },
              { value: 'all', label: t('health.everything') },
            ]}
          />
        </Group>
      }
    >
      <QueryView query={query} skeleton={<Skeletons heights={[72, 72]} />}>
        {() =>
          rows.length > 0 ? (
            <>
              <ul className={styles.list}>
                {rows.map(alert => (
                  <AlertRow key={alert.id} alert={alert} />
                ))}
              </ul>
              {query.hasNextPage ? (
                <Button variant="default" size="xs" loading={query.isFetchingNextPage} onClick={loadMore}>
                  {t('health.more')}
                </Button>
              ) : null}
            </>
          ) : (
            <EmptyPanel
              icon={<IconBellCheck aria-hidden />}
              title={t(isOpen ? 'health.emptyTitle' : 'health.emptyAllTitle')}
              text={t(isOpen ? 'health.emptyText' : 'health.emptyAllText')}
            />
          )
        }
      </QueryView>
    </Section>
  )
}
