/** File names of the latest posts, for lists that know only a post's id. */

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useQueries } from './engine-context.tsx'

/** The most that one page holds; an older post shows its id. */
const NAMED_POSTS = 200

export function usePostNames(): ReadonlyMap<string, string> {
  const posts = useQuery(useQueries().posts.list.queryOptions({ input: { limit: NAMED_POSTS } })).data?.items
  return useMemo(() => new Map(posts?.flatMap(post => (post.fileName ? [[post.postId, post.fileName]] : []))), [posts])
}
