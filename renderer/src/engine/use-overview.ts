/** The overview of the chosen operator; the header and the Overview screen share one query. */

import { useQuery } from '@tanstack/react-query'
import type { Engine } from './create-engine.ts'
import { useQueries } from './engine-context.tsx'
import { useOperatorFilter } from './operator-choice.tsx'
import { EVEN_IN_SILENCE } from './silence.ts'

export function useOverview() {
  return useQuery({ ...overviewOptions(useQueries(), useOperatorFilter()), placeholderData: previous => previous })
}

export function overviewOptions(queries: Engine['queries'], filter: ReturnType<typeof useOperatorFilter>) {
  return queries.node.overview.queryOptions({ ...EVEN_IN_SILENCE, input: filter })
}
