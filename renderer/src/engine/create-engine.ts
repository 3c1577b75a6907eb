/** Puts together what the UI needs to talk to the engine: connection, typed client, queries, and their upkeep by events. */

import type { OperatorContract } from '@emerald/node-core/contract/operator.ts'
import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import { QueryClient } from '@tanstack/react-query'
import {
  type Connection,
  ConnectionLost,
  createConnection,
  type OpenTransport,
  reconnectDelayMs,
} from './connection.ts'
import { followEvents } from './follow-events.ts'
import { createInvalidator } from './invalidations.ts'

export type EngineClient = ContractRouterClient<OperatorContract>
export type Engine = ReturnType<typeof createEngine>

export function createEngine(openTransport: OpenTransport) {
  const connection = createConnection(openTransport)
  const client: EngineClient = createORPCClient(connection.link)
  const queries = createTanstackQueryUtils(client)
  const queryClient = createQueryClient()
  return { connection, client, queries, queryClient, ...keepLive(connection, client, queryClient) }
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Answers are fresh until an event says otherwise.
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        // A machine without a network still reaches its own node.
        networkMode: 'always',
        retry: (count, error) => error instanceof ConnectionLost && count < 3,
        retryDelay: 500,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}

function keepLive(connection: Connection, client: EngineClient, queryClient: QueryClient) {
  const stopping = new AbortController()
  let stream = new AbortController()
  const invalidator = createInvalidator(path => void queryClient.invalidateQueries({ queryKey: [path] }))
  void followEvents(
    {
      startedAt: async signal => (await client.node.facts(undefined, { signal })).startedAt,
      events(afterSeq, signal) {
        stream = new AbortController()
        const input = afterSeq === undefined ? {} : { afterSeq }
        return client.node.events(input, { signal: AbortSignal.any([signal, stream.signal]) })
      },
    },
    {
      onGap: () => void queryClient.invalidateQueries(),
      onEvent: event => invalidator.add(event.topic),
      pause: (failures, signal) => sleep(reconnectDelayMs(failures), signal),
    },
    stopping.signal,
  )
  return {
    /** For a node that begins anew behind the same connection. */
    reopenEvents: () => stream.abort(),
    stop() {
      stopping.abort()
      invalidator.stop()
      connection.close()
    },
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
