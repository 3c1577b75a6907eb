/** The part of the composition root that reaches the chain: endpoints, what is read over them, and who tells of new heads. */

import { createPublicClient } from 'viem'
import type { Clock } from './base/clock.ts'
import { createHeadSubscription } from './chain/head-subscription.ts'
import { poolTransport } from './chain/pool-transport.ts'
import { openProtocol } from './chain/read-protocol.ts'
import { createChainOver } from './chain/rpc-chain.ts'
import { createRpcPool } from './chain/rpc-pool.ts'
import { contractsOf, type EngineOptions } from './engine-options.ts'
import type { Log } from './telemetry/log.ts'

/** Without a head for so long nobody relies on a subscription: some blocks are late. Guesses. */
const SILENT_BLOCKS = 3
const MIN_SILENT_MS = 5_000
const TIMEOUT_MS = 10_000

type Deps = { readonly clock: Clock; readonly log: Log; readonly resources: AsyncDisposableStack }

/** @throws AppError CONTRACTS_NOT_FOUND · RPC_UNAVAILABLE · CHAIN_ID_MISMATCH */
export async function openChainSide(options: EngineOptions, { clock, log, resources }: Deps) {
  const { deployment, metrics } = options
  const rpc = resources.use(
    createRpcPool(
      {
        ...{ urls: options.rpcUrls, chainId: deployment.chainId, timeoutMs: TIMEOUT_MS },
        onAttempt: (method, outcome, ms) =>
          metrics.observe('emerald_rpc_request_seconds', { method, outcome }, ms / 1_000),
        onFailure: (endpoint, reason) => metrics.count('emerald_rpc_failures_total', { endpoint, reason }),
      },
      { clock, log },
    ),
  )
  const silentMs = Math.max(SILENT_BLOCKS * options.blockMs, MIN_SILENT_MS)
  const subscription = resources.use(
    createHeadSubscription(
      { urls: options.headUrls, silentMs, timeoutMs: TIMEOUT_MS },
      { clock, log, onTold: rpc.expectHead },
    ),
  )
  const client = createPublicClient({ transport: poolTransport(rpc), cacheTime: 0 })
  const { protocol, refresh } = resources.use(await openProtocol(client, deployment, { clock, log }))
  return { rpc, subscription, client, source: createChainOver(rpc, contractsOf(deployment)), protocol, refresh }
}
