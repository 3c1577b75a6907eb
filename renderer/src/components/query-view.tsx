/** The states of anything that is asked of the engine: loading, error with its next step, content (which may be empty). */

import { Stack } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { readError } from '../engine/errors.ts'
import { ErrorPanel } from './error-panel.tsx'

type Props<T> = {
  query: Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch'>
  /** Shown while nothing has arrived yet, in the shape of what will. */
  skeleton: ReactNode
  children: (content: T) => ReactNode
}

/** Content that has arrived once stays while a later refetch fails; the failure then stands above it. */
export function QueryView<T>({ query, skeleton, children }: Props<T>) {
  const error = query.error ? readError(query.error) : null
  const isShown = error !== null && (query.data === undefined || error.code !== 'CONNECTION_LOST')
  return (
    <Stack gap="md">
      {isShown ? <ErrorPanel error={error} onRetry={() => void query.refetch()} /> : null}
      {query.data !== undefined ? children(query.data) : error ? null : skeleton}
    </Stack>
  )
}
