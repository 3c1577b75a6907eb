/** All the rows of a paged list that have been loaded, with a way to load the next page. */

import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'

type Page<Row> = { readonly items: readonly Row[]; readonly nextCursor: string | null; readonly total: number }

/** The cursor of the page after `page`, as TanStack Query wants it. */
export function nextCursorOf(page: { readonly nextCursor: string | null }): string | undefined {
  return page.nextCursor ?? undefined
}

export function useAllPages<Row>(query: UseInfiniteQueryResult<{ readonly pages: readonly Page<Row>[] }>) {
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const rows = useMemo(() => data?.pages.flatMap(page => page.items) ?? [], [data])
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  return { rows, loadMore, total: data?.pages.at(-1)?.total ?? 0 }
}
