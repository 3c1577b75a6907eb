/** Lets a refetch of a long list ask for its first page only, while nothing on that changed. */

import { type InfiniteData, type QueryFunction, type QueryKey, replaceEqualDeep } from '@tanstack/react-query'

/**
 * For lists whose newest rows come first and change most: what changes on a later page alone shows with the first one's next change. A
 * refetch asks for the pages in order.
 */
export function askChangedPages<Page, Cursor>(
  ask: QueryFunction<Page, QueryKey, Cursor>,
): QueryFunction<Page, QueryKey, Cursor> {
  let isFirstSame = false
  return async context => {
    const known = context.client.getQueryData<InfiniteData<Page, unknown>>(context.queryKey)
    const position = known?.pageParams.indexOf(context.pageParam) ?? -1
    const before = known?.pages[position]
    if (position > 0 && before !== undefined && isFirstSame) return before
    const page = await ask(context)
    if (position <= 0) isFirstSame = before !== undefined && replaceEqualDeep(before, page) === before
    return page
  }
}
