/** The overview of the chosen operator; the header and the Overview screen share one query. */

import { useQuery } from '@tanstack/react-query'
import { useQueries } from './engine-context.tsx'
import { useOperatorFilter } from './operator-choice.tsx'

export function useOverview() {
  const queries = useQueries()
  return useQuery({
    ...queries.node.overview.queryOptions({ input: useOperatorFilter() }),
    placeholderData: previous => previous,
  })
}
