/** The files this network keeps, and a place to publish another. */

import type { Post } from '@emerald/node-core/contract/shapes.ts'
import { Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconFiles, IconSearch } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyPanel } from '../../components/empty-panel.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Skeletons } from '../../components/skeletons.tsx'
import { nextCursorOf, useAllPages } from '../../components/use-all-pages.ts'
import { useQueries } from '../../engine/engine-context.tsx'
import { useFacts } from '../../engine/use-facts.ts'
import { PostsTable } from './posts-table.tsx'
import { PublishPanel } from './publish-panel.tsx'
import { UploadPanel } from './upload-panel.tsx'

const STATES = ['registered', 'attested', 'atRisk', 'ended', 'lapsed'] as const satisfies readonly Post['state'][]

export function PostsScreen() {
  const { t } = useTranslation()
  const queries = useQueries()
  const limits = useFacts().data?.limits
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 200)
  const [state, setState] = useState<Post['state'] | null>(null)
  const query = useInfiniteQuery(
    queries.posts.list.infiniteOptions({
      input: (cursor: string | undefined) => ({
        ...(search === '' ? {} : { search: search.slice(0, 100) }),
        ...(state === null ? {} : { state }),
        ...(cursor === undefined ? {} : { cursor }),
        limit: 100,
      }),
      initialPageParam: undefined,
      getNextPageParam: nextCursorOf,
      placeholderData: previous => previous,
    }),
  )
  const { rows, loadMore, total } = useAllPages(query)
  const isFiltered = search !== '' || state !== null
  return (
    <>
      <PageHeader title={t('nav.posts')} lead={t('posts.lead')} />
      <Stack gap="md">
        {limits ? <UploadPanel limits={limits} /> : <Skeletons heights={[86]} />}
        <PublishPanel />
        <Group justify="space-between">
          <Group gap="sm">
            <TextInput
              size="xs"
              w={300}
              type="search"
              aria-label={t('posts.search')}
              placeholder={t('posts.search')}
              leftSection={<IconSearch size={15} aria-hidden />}
              value={typed}
              onChange={event => setTyped(event.currentTarget.value)}
            />
            <Select
              size="xs"
              w={170}
              clearable
              aria-label={t('fields.state')}
              placeholder={t('posts.anyState')}
              value={state}
              onChange={value => setState(STATES.find(known => known === value) ?? null)}
              data={STATES.map(value => ({ value, label: t(`postState.${value}`) }))}
            />
          </Group>
          <Text size="sm" c="dimmed" className="num">
            {t('posts.total', { count: total })}
          </Text>
        </Group>
        <QueryView query={query} skeleton={<Skeletons heights={[360]} />}>
          {() =>
            rows.length > 0 ? (
              <PostsTable rows={rows} onReachEnd={loadMore} />
            ) : (
              <EmptyPanel
                icon={<IconFiles aria-hidden />}
                title={t(isFiltered ? 'posts.emptyFilterTitle' : 'posts.emptyTitle')}
                text={t(isFiltered ? 'posts.emptyFilterText' : 'posts.emptyText')}
              />
            )
          }
        </QueryView>
      </Stack>
    </>
  )
}
