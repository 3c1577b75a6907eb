/** Carries an upload through, also while the person looks at other screens. */

import type { NodeFacts } from '@emerald/node-core/contract/shapes.ts'
import { createContext, type ReactNode, useContext, useMemo, useReducer, useRef } from 'react'
import { useEngine } from '../../engine/engine-context.tsx'
import { readError } from '../../engine/errors.ts'
import { checkFile } from './check-file.ts'
import { publishFile } from './publish-file.ts'
import { IDLE, type PublishState, publishStep } from './publish-state.ts'

type Publish = {
  readonly state: PublishState
  readonly start: (file: File, limits: NodeFacts['limits']) => void
  /** Stops an upload, or puts its outcome away. */
  readonly dismiss: () => void
}

const PublishContext = createContext<Publish>({ state: IDLE, start: () => {}, dismiss: () => {} })

export function usePublish(): Publish {
  return useContext(PublishContext)
}

export function PublishProvider({ children }: { children: ReactNode }) {
  const engine = useEngine()
  const [state, dispatch] = useReducer(publishStep, IDLE)
  const running = useRef<AbortController>(null)
  const value = useMemo(
    () => ({
      state,
      start(file: File, limits: NodeFacts['limits']) {
        running.current?.abort()
        const problem = checkFile(file, limits)
        if (problem) {
          dispatch({ type: 'refused', fileName: file.name, error: { code: problem, data: {}, traceId: null } })
          return
        }
        const stopping = new AbortController()
        running.current = stopping
        dispatch({ type: 'chosen', fileName: file.name, byteLength: file.size })
        publishFile(engine, file, stopping.signal, dispatch).catch((error: unknown) => {
          if (!stopping.signal.aborted) dispatch({ type: 'failed', error: readError(error) })
        })
      },
      dismiss() {
        running.current?.abort()
        dispatch({ type: 'dismissed' })
      },
    }),
    [engine, state],
  )
  return <PublishContext value={value}>{children}</PublishContext>
}
