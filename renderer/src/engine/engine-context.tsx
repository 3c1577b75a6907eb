/** Gives every component the engine of the app. */

import { QueryClientProvider } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react'
import type { ConnectionState } from './connection.ts'
import type { Engine } from './create-engine.ts'

const EngineContext = createContext<Engine | null>(null)

export function EngineProvider({ engine, children }: { engine: Engine; children: ReactNode }) {
  return (
    <EngineContext value={engine}>
      <QueryClientProvider client={engine.queryClient}>{children}</QueryClientProvider>
    </EngineContext>
  )
}

/** @throws Error outside an `EngineProvider`. */
export function useEngine(): Engine {
  const engine = useContext(EngineContext)
  if (!engine) throw new Error('useEngine needs an EngineProvider above it')
  return engine
}

export function useQueries(): Engine['queries'] {
  return useEngine().queries
}

export function useConnectionState(): ConnectionState {
  const { connection } = useEngine()
  return useSyncExternalStore(connection.subscribe, connection.getState)
}
