/** What the node is: network, limits, operators. */

import { useQuery } from '@tanstack/react-query'
import { useQueries } from './engine-context.tsx'

export function useFacts() {
  return useQuery(useQueries().node.facts.queryOptions())
}
