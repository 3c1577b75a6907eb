/** What the chain says to a node that never saw it before: its history in an empty store, by the node's own code. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Deployment } from '@emerald/contracts/deployments.ts'
import { createPublicClient, http } from 'viem'
import { createEventLog } from '../src/api/event-log.ts'
import { systemClock } from '../src/base/clock.ts'
import { openProtocol } from '../src/chain/read-protocol.ts'
import { createRpcChain } from '../src/chain/rpc-chain.ts'
import { createChainFollower } from '../src/chain-follower.ts'
import type { EpochSchedule } from '../src/domain/epoch.ts'
import { contractsOf } from '../src/engine-options.ts'
import { openStore, type Store } from '../src/store/store.ts'
import { createLog } from '../src/telemetry/log.ts'
import { nullMetrics } from '../src/telemetry/metrics.ts'
import { until } from '../test/support/until.ts'

export type FreshSync = Disposable & {
  readonly store: Store
  readonly schedule: EpochSchedule
  readonly deployment: Deployment
  readonly head: number
}

/** @param dataDirectory of the node, which wrote down what it deployed. The chain must stand still. */
export async function syncAfresh(rpcUrl: string, dataDirectory: string): Promise<FreshSync> {
  const deployment = readDeployment(dataDirectory)
  const log = createLog({ level: 'error' })
  const client = createPublicClient({ transport: http(rpcUrl), cacheTime: 0 })
  using protocol = await openProtocol(client, deployment, { clock: systemClock, log })
  using source = createRpcChain({ url: rpcUrl, timeoutMs: 10_000, addresses: contractsOf(deployment) })
  const store = openStore(':memory:')
  await using follower = createChainFollower(
    { chainId: deployment.chainId, startBlock: Number(deployment.startBlock), pollMs: 50 },
    {
      ...{ store, source, log, clock: systemClock, metrics: nullMetrics },
      senders: { all: () => [] },
      events: createEventLog({ capacity: 16 }),
      alerts: { raise: alert => store.alerts.raise(alert, systemClock.now()) },
      isOwnOperator: () => false,
      onHead: () => undefined,
      onGovernance: () => undefined,
    },
  )
  await follower.start()
  const { number, hash } = await source.head()
  await until('the fresh sync', () => follower.head()?.hash === hash)
  return {
    store,
    deployment,
    schedule: protocol.protocol.schedule,
    head: number,
    [Symbol.dispose]: () => store[Symbol.dispose](),
  }
}

export function readDeployment(dataDirectory: string): Deployment {
  const { deployment } = JSON.parse(readFileSync(join(dataDirectory, 'chain.json'), 'utf8')) as {
    deployment: Deployment // written by a node of this very version
  }
  return { ...deployment, startBlock: BigInt(deployment.startBlock) }
}
