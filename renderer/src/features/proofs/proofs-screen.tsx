/** Every proof the chain accepted, and a place to check anybody's bundle. */

import { Stack, Text } from '@mantine/core'
import { IconRosetteDiscountCheck } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { EmptyPanel } from '../../components/empty-panel.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Skeletons } from '../../components/skeletons.tsx'
import { nextCursorOf, useAllPages } from '../../components/use-all-pages.ts'
import { useQueries } from '../../engine/engine-context.tsx'
import { useOperatorFilter } from '../../engine/operator-choice.tsx'
import { BundleCheck } from './bundle-check.tsx'
import { ProofsTable } from './proofs-table.tsx'

export function ProofsScreen() {
  const { t } = useTranslation()
  const queries = useQueries()
  const operatorFilter = useOperatorFilter()
  const query = useInfiniteQuery(
    queries.proofs.list.infiniteOptions({
      input: (cursor: string | undefined) => ({
        ...operatorFilter,
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
      <PageHeader
        title={t('nav.proofs')}
        lead={t('proofs.lead')}
        actions={
          <Text size="sm" c="dimmed" className="num">
            {t('proofs.total', { count: total })}
          </Text>
        }
      />
      <Stack gap="md">
        <QueryView query={query} skeleton={<Skeletons heights={[420]} />}>
          {() =>
            rows.length > 0 ? (
              <ProofsTable rows={rows} onReachEnd={loadMore} />
            ) : (
              <EmptyPanel
                icon={<IconRosetteDiscountCheck aria-hidden />}
                title={t('proofs.emptyTitle')}
                text={t('proofs.emptyText')}
              />
            )
          }
        </QueryView>
        <BundleCheck />
      </Stack>
    </>
  )
}
